// SPDX-License-Identifier: MPL-2.0
// Certificates under certificate profiles: what they may order, and what they get where their configuration says nothing.
#include "resources/certificate/profiles.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "schema/cty/json.h"
#include "tests/resources/certificate/lab.h"

namespace resources::certificate {
namespace {

using sealed::OpenCertificate;
using std::chrono::hours;
using tests::Action;
using tests::FakeCore;
using tests::Outcome;

constexpr hours kUntilDue{24 * 80};

class CertificateProfilesTest : public tests::CertificateLab {
 protected:
  template <typename M>
  static M Parsed(const std::string& json) {
    return M::Schema().Read(*schema::cty::FromJson(json, M::Schema().type(), schema::cty::UnknownMembers::kDropped));
  }

  // Below `parent`, the CA unless it is given.
  std::string ProfileHandle(const std::string& rules, const std::string& defaults = "{}", std::string parent = {}) const {
    Issuer issuer = *OpenIssuer(context.sealer, parent.empty() ? CaHandle() : parent);
    const std::string name = base::Cat("team-", issuer.profiles.size());
    issuer.profiles.push_back({.id = ProfileId(issuer, name),
                               .name = name,
                               .rules = Parsed<ProfileRules>(rules),
                               .defaults = Parsed<ProfileDefaults>(defaults)});
    return *SealIssuer(context.sealer, issuer);
  }

  Value Web(const std::string& issuer, Value::Members more = {}) const {
    more.emplace("external_ca", Value::String(issuer));
    more.emplace("dns_names", Value::Set(schema::cty::Type::String(), {Value::String("www.example.test")}));
    return core_.Config(std::move(more));
  }

  void Apply(const Value& config) {
    const Outcome outcome = core_.Apply(config);
    EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
    EXPECT_EQ(outcome.violations, std::vector<std::string>{}) << outcome.ToText();
  }

  // The paths of the errors of a plan.
  std::string Refused(const Value& config) {
    const Outcome outcome = core_.Plan(config);
    EXPECT_EQ(outcome.violations, std::vector<std::string>{});
    std::vector<std::string> paths;
    for (const auto& one : outcome.diagnostics.items()) {
      if (one.severity == schema::Severity::kError) paths.push_back(one.path ? one.path->ToText() : one.summary);
    }
    return base::Join(paths, " ");
  }

  std::string Text(const char* attribute) const {
    const Value value = core_.state().Get(attribute);
    return value.is_known() ? value.AsString() : "null";
  }
  std::string KeyInUse() const {
    const auto opened = OpenCertificate(context.sealer, Text("handle"));
    return std::string(base::crypto::NameOf(base::crypto::ParsePrivateKey(opened->private_key_pem)->algorithm()));
  }

  FakeCore core_{*resource, context, clock};
};

// 235 characters: the record of dns-01 has room.
TEST_F(CertificateProfilesTest, ANameIsTooLongForTheRecordOfTheValidationInUse) {
  const std::string label(63, 'a');
  const std::string name = base::Cat(label, '.', label, '.', label, '.', std::string(43, 'a'));
  for (const auto& [validation, refused] :
       {std::pair("", ""), std::pair("dns-persist-01", "dns_names"), std::pair("dns-account-01", "dns_names")}) {
    sealed::CaPayload ca = *sealed::OpenCa(context.sealer, CaHandle());
    ca.validation = validation;
    const Value names = Value::Set(schema::cty::Type::String(), {Value::String(name)});

    const std::string paths =
        Refused(core_.Config({{"external_ca", Value::String(*sealed::SealCa(context.sealer, ca))}, {"dns_names", names}}));

    EXPECT_EQ(paths, refused) << validation;
  }
}

TEST_F(CertificateProfilesTest, AnOrderThatDoesNotFitIsRefusedInThePlanAtItsArgument) {
  const Value forbidden_name = Value::String("www.example.test");
  struct {
    const char* rules;
    Value::Members more;
    const char* refused;
  } const cases[] = {
      {R"({"dns_names": {"allow": ["*.example.test"]}})", {}, ""},
      {R"({"dns_names": {"allow": ["example.test"]}})", {}, "dns_names"},
      {R"({"common_name": "forbidden"})", {{"common_name", forbidden_name}}, "common_name"},
      {R"({"csr": "required"})", {}, "csr_pem"},
      {R"({"key_algorithms": ["RSA_4096"]})", {}, "key_algorithm"},
      {R"({"profiles": ["shortlived"]})", {}, "profile"},
      {R"({"max_validity": "30d"})", {{"validity", Value::String("31d")}}, "validity"},
      {"{}", {{"export_private_key", Value::Bool(true)}}, "export_private_key"},
      {R"({"dns_names": {"max": 0}, "key_algorithms": []})", {}, "dns_names key_algorithm"},
  };

  for (const auto& one : cases) EXPECT_EQ(Refused(Web(ProfileHandle(one.rules), one.more)), one.refused) << one.rules;
  EXPECT_EQ(server->orders(), 0);
}

TEST_F(CertificateProfilesTest, EveryProfileOnTheWayToTheCaMustAllowIt) {
  const std::string platform = ProfileHandle(R"({"dns_names": {"allow": ["**.example.test"]}})");
  const std::string team = ProfileHandle(R"({"dns_names": {"wildcards": false}})", "{}", platform);
  const Value wildcard = Web(
      team, {{"dns_names", Value::Set(schema::cty::Type::String(), {Value::String("*.example.test"), Value::String("x.test")})}});

  EXPECT_EQ(Refused(Web(team)), "");
  EXPECT_EQ(Refused(wildcard), "dns_names dns_names");
  const std::string text = core_.Plan(wildcard).ToText();
  EXPECT_NE(text.find("certificate profile team-0"), std::string::npos) << text;
  EXPECT_NE(text.find("certificate profile team-1"), std::string::npos) << text;
}

TEST_F(CertificateProfilesTest, ANameThatIsKnownIsCheckedBesideOthersThatAreNot) {
  const Value names =
      Value::Set(schema::cty::Type::String(), {Value::String("www.example.test"), Value::Unknown(schema::cty::Type::String())});
  const auto with_rule = [&](const char* rules) { return Web(ProfileHandle(rules), {{"dns_names", names}}); };

  EXPECT_EQ(Refused(with_rule(R"({"dns_names": {"allow": ["example.test"]}})")), "dns_names");
  EXPECT_EQ(Refused(with_rule(R"({"dns_names": {"allow": ["*.example.test"], "max": 1}})")), "");
}

TEST_F(CertificateProfilesTest, WhatIsKnownInTheApplyIsCheckedThere) {
  const Value config = Web(ProfileHandle(R"({"dns_names": {"allow": ["example.test"]}})"));

  const Outcome outcome = core_.Apply(tests::WithUnknownLeaves(config), config);

  EXPECT_TRUE(outcome.has_failed());
  EXPECT_EQ(outcome.diagnostics.items().front().path->ToText(), "dns_names");
  EXPECT_EQ(server->orders(), 0);
}

TEST_F(CertificateProfilesTest, TheApplyChecksOnceMore) {
  const Value config = Web(ProfileHandle(R"({"dns_names": {"allow": ["example.test"]}})"));

  const ChangeResult result = resource->Create(
      clock.Call(), context,
      {.prior = Value::Null(config.type()), .config = config, .planned = config.With("key_algorithm", Value::String("EC_P256"))});

  ASSERT_TRUE(result.diagnostics.HasErrors());
  EXPECT_EQ(result.diagnostics.items().front().path->ToText(), "dns_names");
  EXPECT_TRUE(result.stored.state.is_null());
}

TEST_F(CertificateProfilesTest, MovingBetweenACaAndItsProfilesOrdersNothing) {
  const std::string team =
      ProfileHandle("{}", R"({"key_algorithm": "EC_P384", "renew_before": "33%", "revoke_on_destroy": true})");
  Apply(Web(CaHandle()));

  Apply(Web(team));
  Apply(Web(ProfileHandle(R"({"csr": "forbidden"})", "{}", team)));
  Apply(Web(CaHandle()));

  EXPECT_EQ(server->orders(), 1);
  EXPECT_EQ(Text("key_algorithm"), "EC_P256");
  EXPECT_EQ(Text("renew_before"), "null");
}

TEST_F(CertificateProfilesTest, DefaultsOfTheIssuanceStayWhenTheCertificateLeavesTheProfile) {
  Apply(Web(ProfileHandle("{}", R"({"key_algorithm": "EC_P384", "renew_before": "33%"})")));
  EXPECT_EQ(KeyInUse(), "EC_P384");

  Apply(Web(CaHandle()));
  EXPECT_EQ(server->orders(), 1);
  EXPECT_EQ(Text("renew_before"), "33%");
  clock.Advance(kUntilDue);
  Apply(Web(CaHandle()));

  EXPECT_EQ(server->orders(), 2);
  EXPECT_EQ(KeyInUse(), "EC_P256");
  EXPECT_EQ(Text("renew_before"), "null");
}

TEST_F(CertificateProfilesTest, AChangedDefaultTakesEffectAtTheNextIssuanceForEveryAttribute) {
  server->behaviour.profiles = {"classic", "tls"};
  StartRun({});
  const std::string before = ProfileHandle("{}", R"({"key_algorithm": "EC_P384", "profile": "classic", "validity": "90d",
      "renew_before": "33%", "rotate_private_key": false, "revoke_on_destroy": true})");
  const std::string after = ProfileHandle("{}", R"({"key_algorithm": "EC_P256", "profile": "tls", "validity": "80d",
      "renew_before": "25%", "rotate_private_key": true, "revoke_on_destroy": false})");
  Apply(Web(before));
  const auto all = [&] {
    const Value flags = core_.state();
    return base::Cat(Text("key_algorithm"), ' ', Text("profile"), ' ', Text("validity"), ' ', Text("renew_before"),
                     flags.Get("rotate_private_key").AsBool() ? " rotates" : " keeps",
                     flags.Get("revoke_on_destroy").AsBool() ? " revokes" : " leaves");
  };
  EXPECT_EQ(all(), "EC_P384 classic 90d 33% keeps revokes");

  Apply(Web(after));
  EXPECT_EQ(all(), "EC_P384 classic 90d 33% keeps revokes");
  EXPECT_EQ(server->orders(), 1);
  clock.Advance(kUntilDue);
  Apply(Web(after));

  EXPECT_EQ(all(), "EC_P256 tls 80d 25% rotates leaves");
  EXPECT_EQ(server->orders(), 2);
}

TEST_F(CertificateProfilesTest, WhatTheCertificateSaysItselfCounts) {
  const std::string team = ProfileHandle("{}", R"({"key_algorithm": "EC_P384", "renew_before": "33%"})");

  Apply(Web(team, {{"key_algorithm", Value::String("RSA_2048")}, {"renew_before", Value::String("10d")}}));

  EXPECT_EQ(KeyInUse(), "RSA_2048");
  EXPECT_EQ(Text("renew_before"), "10d");
}

TEST_F(CertificateProfilesTest, AnArgumentThatSaysWhatTheDefaultSaysIsRemovedWithoutAnOrder) {
  const std::string team = ProfileHandle("{}", R"({"key_algorithm": "EC_P384"})");
  Apply(Web(team, {{"key_algorithm", Value::String("EC_P384")}}));

  Apply(Web(team));

  EXPECT_EQ(server->orders(), 1);
  EXPECT_EQ(Text("key_algorithm"), "EC_P384");
}

TEST_F(CertificateProfilesTest, AnArgumentThatSaysSomethingElseIsAChangeWhenItIsRemoved) {
  const std::string team = ProfileHandle("{}", R"({"key_algorithm": "EC_P384"})");
  Apply(Web(team, {{"key_algorithm", Value::String("RSA_2048")}}));

  Apply(Web(team));

  EXPECT_EQ(server->orders(), 2);
  EXPECT_EQ(KeyInUse(), "EC_P384");
}

TEST_F(CertificateProfilesTest, LostPrivateDataOrderNothing) {
  const Value config = Web(ProfileHandle("{}", R"({"key_algorithm": "EC_P384", "renew_before": "33%"})"));
  Apply(config);
  core_.LosePrivateData();

  const Outcome outcome = core_.Plan(config);

  EXPECT_EQ(outcome.action, Action::kNone) << outcome.ToText();
}

TEST_F(CertificateProfilesTest, ValuesThatAreNotKnownInThePlanBecomeKnownConsistently) {
  const Value config = Web(ProfileHandle("{}", R"({"key_algorithm": "EC_P384", "renew_before": "33%"})"));

  const Outcome outcome = core_.Apply(tests::WithUnknownLeaves(config), config);

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_EQ(outcome.violations, std::vector<std::string>{});
  EXPECT_EQ(Text("renew_before"), "33%");
}

TEST_F(CertificateProfilesTest, AnUnknownHandleOfACaLeavesNoDefaultOpen) {
  const Value unknown_ca = Value::Unknown(schema::cty::Type::String(), {.is_null = false, .string_prefix = "cw2:ca::"});
  const Value unknown_profile = Value::Unknown(schema::cty::Type::String(), {.is_null = false, .string_prefix = "cw2:profile::"});

  EXPECT_EQ(core_.Plan(Web(CaHandle()).With("external_ca", unknown_ca)).planned.Get("key_algorithm"), Value::String("EC_P256"));
  EXPECT_TRUE(core_.Plan(Web(CaHandle()).With("external_ca", unknown_profile)).planned.Get("key_algorithm").is_unknown());
}

TEST_F(CertificateProfilesTest, ARenewalUnderATightenedRuleFailsInThePlanAndChangesNothing) {
  Apply(Web(ProfileHandle("{}")));
  const Value tightened = Web(ProfileHandle(R"({"dns_names": {"allow": ["*.team.example.test"]}})"));
  Apply(tightened);
  const Value served = core_.state();

  const Outcome refreshed = core_.Plan(tightened);
  clock.Advance(kUntilDue);
  const Outcome due = core_.Apply(tightened);

  EXPECT_EQ(refreshed.action, Action::kNone);
  ASSERT_EQ(refreshed.diagnostics.items().size(), 1U) << refreshed.ToText();
  const auto& warning = refreshed.diagnostics.items().front();
  EXPECT_EQ(warning.severity, schema::Severity::kWarning);
  EXPECT_EQ(warning.summary, "The certificate no longer fits its profile: www.example.test");
  EXPECT_NE(warning.detail.find("`dns_names.allow` of the profile team-0"), std::string::npos) << warning.detail;
  EXPECT_NE(warning.detail.find(served.Get("not_after").AsString()), std::string::npos) << warning.detail;
  EXPECT_TRUE(due.has_failed());
  EXPECT_EQ(core_.state(), served);
  EXPECT_EQ(server->orders(), 1);
}

TEST_F(CertificateProfilesTest, ATightenedRuleStopsNoOtherChange) {
  Apply(Web(ProfileHandle("{}")));
  const std::string tightened = ProfileHandle(R"({"dns_names": {"allow": []}, "key_algorithms": []})");

  Apply(Web(tightened, {{"renew_before", Value::String("10d")}, {"revoke_on_destroy", Value::Bool(true)}}));

  EXPECT_EQ(Text("renew_before"), "10d");
  EXPECT_EQ(server->orders(), 1);
}

TEST_F(CertificateProfilesTest, AnExportNeedsNoOrderToBeRefused) {
  const Value::Members exported = {{"export_private_key", Value::Bool(true)}};
  Apply(Web(CaHandle()));

  EXPECT_EQ(Refused(Web(ProfileHandle("{}"), exported)), "export_private_key");
  EXPECT_EQ(Refused(Web(ProfileHandle(R"({"export_private_key": true})"), exported)), "");
  Apply(Web(CaHandle(), exported));
  // It is there already: the next order has to do without.
  EXPECT_EQ(Refused(Web(ProfileHandle("{}"), exported)), "");
}

TEST_F(CertificateProfilesTest, DestinationsAreInTheHandleFromTheNextIssuanceOn) {
  Apply(Web(CaHandle()));
  const Value team = Web(ProfileHandle(R"({"destinations": ["vault_kv", "local_files"]})"));
  Apply(team);
  EXPECT_EQ(OpenCertificate(context.sealer, Text("handle"))->destinations, std::nullopt);
  clock.Advance(kUntilDue);

  const Outcome plan = core_.Plan(team);
  Apply(team);

  const std::string prefix = base::Cat("cw2:certificate:", Text("certificate_id"), ".EC_P256.local_files,vault_kv:");
  EXPECT_EQ(plan.planned.Get("handle").refinement().string_prefix, prefix);
  EXPECT_TRUE(Text("handle").starts_with(prefix));
  EXPECT_EQ(OpenCertificate(context.sealer, Text("handle"))->destinations, (std::set<std::string>{"local_files", "vault_kv"}));
}

}  // namespace
}  // namespace resources::certificate
