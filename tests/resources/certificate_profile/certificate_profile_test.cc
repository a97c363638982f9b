// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_profile/certificate_profile.h"

#include <gtest/gtest.h>

#include "resources/issuer.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_core.h"

namespace resources::certificate_profile {
namespace {

using schema::cty::Type;
using schema::cty::Value;
using tests::Action;
using tests::Outcome;

class CertificateProfileTest : public testing::Test {
 protected:
  std::string CaOf(const std::string& key) const {
    return *SealCa(parts_.context.sealer, {.directory_url = "https://ca.test/dir",
                                           .account_url = "https://ca.test/account/1",
                                           .trusted_roots_pem = {},
                                           .account_key_pem = base::Secret(key),
                                           .dns = {},
                                           .propagation = {}});
  }

  Value Team(Value::Members more = {}) const {
    more.emplace("name", Value::String("team-a"));
    more.emplace("external_ca", Value::String(CaOf("key")));
    return core_.Config(std::move(more));
  }

  static Value Texts(std::vector<std::string> texts) {
    Value::Elements elements;
    for (std::string& one : texts) elements.push_back(Value::String(std::move(one)));
    return Value::Set(Type::String(), std::move(elements));
  }

  Value Names(Value::Members members) const {
    return Value::ObjectOf(*resource_->schema().ImpliedType().Find("dns_names"), std::move(members));
  }

  Issuer Opened() const { return *OpenIssuer(parts_.context.sealer, core_.state().Get("handle").AsString()); }

  std::string Problem(const Value& config) {
    const Outcome outcome = core_.Plan(config);
    if (outcome.diagnostics.items().empty()) return "";
    const auto& first = outcome.diagnostics.items().front();
    return base::Cat(first.path ? first.path->ToText() : "", ": ", first.summary);
  }

  tests::TestContext parts_;
  std::unique_ptr<Resource> resource_ = MakeCertificateProfile();
  tests::FakeCore core_{*resource_, parts_.context, parts_.clock};
};

TEST_F(CertificateProfileTest, SealsItsRulesInThePlan) {
  const Value config = Team({{"dns_names", Names({{"allow", Texts({"*.a.test"})}})}, {"key_algorithms", Texts({})}});

  EXPECT_TRUE(core_.Plan(config).planned.Get("handle").is_known());
  const Outcome outcome = core_.Apply(config);

  EXPECT_EQ(outcome.ToText(), "action: create\n");
  const CertificateProfile profile = Opened().profiles.at(0);
  EXPECT_EQ(profile.name, "team-a");
  EXPECT_EQ(profile.id, core_.state().Get("id").AsString());
  EXPECT_EQ(profile.rules.dns_names.OrEmpty().allow.Get(), std::set<std::string>{"*.a.test"});
  EXPECT_EQ(profile.rules.key_algorithms.Get(), std::set<std::string>());
  EXPECT_TRUE(profile.rules.profiles.is_null());
}

TEST_F(CertificateProfileTest, GivesTheSameHandleForTheSameArguments) {
  const Value config = Team({{"destinations", Texts({"vault_kv", "local_files"})}});
  core_.Apply(config);
  const Value handle = core_.state().Get("handle");
  core_.Destroy();
  EXPECT_TRUE(core_.state().is_null());

  core_.Apply(config);

  EXPECT_EQ(core_.state().Get("handle"), handle);
}

TEST_F(CertificateProfileTest, FollowsItsCaAndItsRulesInPlace) {
  core_.Apply(Team());
  const Value id = core_.state().Get("id");

  const Outcome rotated =
      core_.Apply(Team({{"external_ca", Value::String(CaOf("another"))}, {"csr", Value::String("required")}}));

  EXPECT_EQ(rotated.ToText(), "action: update\n");
  EXPECT_EQ(core_.state().Get("id"), id);
  EXPECT_EQ(Opened().ca.account_key_pem.Reveal(), "another");
  EXPECT_EQ(Opened().profiles.at(0).rules.csr.Get(), ArgumentPresence::kRequired);
}

TEST_F(CertificateProfileTest, NarrowsAnotherProfile) {
  core_.Apply(Team());
  const Value parent = core_.state().Get("handle");
  tests::FakeCore inner(*resource_, parts_.context, parts_.clock);

  inner.Apply(inner.Config({{"name", Value::String("service")}, {"external_ca", parent}}));

  const Issuer issuer = *OpenIssuer(parts_.context.sealer, inner.state().Get("handle").AsString());
  ASSERT_EQ(issuer.profiles.size(), 2U);
  EXPECT_EQ(issuer.profiles[0].name, "team-a");
  EXPECT_EQ(issuer.profiles[1].name, "service");
}

TEST_F(CertificateProfileTest, IsPlannedUnknownAsAProfile) {
  const Value config = Team({{"csr", Value::String("required")}});

  const Outcome plan = core_.Plan(tests::WithUnknownLeaves(config));
  const Outcome outcome = core_.Apply(tests::WithUnknownLeaves(config), config);

  EXPECT_EQ(plan.planned.Get("handle").refinement().string_prefix, "cw2:profile::");
  EXPECT_EQ(outcome.ToText(), "action: create\n");
}

TEST_F(CertificateProfileTest, IsSealedAgainWithANewKey) {
  core_.Apply(Team());
  const std::string ca = CaOf("key");
  parts_.context.sealer = sealed::Sealer::Ready(tests::TestKey('b'), {tests::TestKey('a')});

  const Outcome outcome = core_.Apply(Team({{"external_ca", Value::String(ca)}}));

  EXPECT_EQ(outcome.ToText(), "action: update\n");
  EXPECT_FALSE(parts_.context.sealer.IsStale(core_.state().Get("handle").AsString()));
}

TEST_F(CertificateProfileTest, HasNothingToImport) {
  const Outcome outcome = core_.Import("team-a");

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_NE(outcome.ToText().find("the same arguments give the same handle"), std::string::npos) << outcome.ToText();
}

TEST_F(CertificateProfileTest, ReportsMistakesAtTheirArgument) {
  const Value defaults =
      Value::ObjectOf(*resource_->schema().ImpliedType().Find("defaults"), {{"key_algorithm", Value::String("RSA_2048")}});

  EXPECT_EQ(Problem(Team({{"destinations", Texts({"local_file"})}})), "destinations: Unknown destination: local_file");
  EXPECT_EQ(Problem(Team({{"defaults", defaults}, {"key_algorithms", Texts({"EC_P256"})}})),
            "defaults.key_algorithm: A default that the profile does not allow: key_algorithm");
  EXPECT_EQ(Problem(Team({{"dns_names", Names({{"deny", Texts({"a.*.test"})}})}})),
            "dns_names.deny: Invalid pattern of names: a.*.test");
  EXPECT_EQ(Problem(Team({{"key_algorithms", Texts({"EC_P512"})}})).substr(0, 15), "key_algorithms:");
  EXPECT_EQ(Problem(Team({{"external_ca", Value::String("cw2:connection::0:AAAA")}})),
            "external_ca: Not the handle that belongs here");
}

}  // namespace
}  // namespace resources::certificate_profile
