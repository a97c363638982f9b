// SPDX-License-Identifier: MPL-2.0
#include "resources/issuer.h"

#include <gtest/gtest.h>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "schema/cty/json.h"
#include "tests/resources/test_context.h"

namespace resources {
namespace {

using sealed::Sealer;

const Sealer& IssuerSealer() {
  static const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});
  return sealer;
}

template <typename M>
M FromObject(const std::string& json) {
  return M::Schema().Read(*schema::cty::FromJson(json, M::Schema().type(), schema::cty::UnknownMembers::kDropped));
}

Issuer TestIssuer() {
  return {.ca = {.directory_url = "https://ca.test/dir",
                 .account_url = "https://ca.test/account/1",
                 .trusted_roots_pem = {},
                 .account_key_pem = base::Secret("key"),
                 .dns = {},
                 .propagation = {}}};
}

Issuer WithProfile(Issuer parent, const std::string& name, const std::string& rules, const std::string& defaults = "{}") {
  parent.profiles.push_back({.id = ProfileId(parent, name),
                             .name = name,
                             .rules = FromObject<ProfileRules>(rules),
                             .defaults = FromObject<ProfileDefaults>(defaults)});
  return parent;
}

TEST(OpenIssuer, ReturnsWhatWasSealed) {
  const Issuer issuer =
      WithProfile(WithProfile(TestIssuer(), "platform", R"({"dns_names": {"allow": ["**.test"], "max": 5}})"), "team",
                  R"({"key_algorithms": []})", R"({"renew_before": "30d", "rotate_private_key": false})");

  const auto opened = OpenIssuer(IssuerSealer(), *SealIssuer(IssuerSealer(), issuer));

  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->ca.account_url, issuer.ca.account_url);
  ASSERT_EQ(opened->profiles.size(), 2U);
  EXPECT_EQ(opened->profiles[0].rules.dns_names.OrEmpty().max.Get(), 5);
  EXPECT_TRUE(opened->profiles[0].rules.key_algorithms.is_null());
  EXPECT_EQ(opened->profiles[1].name, "team");
  EXPECT_EQ(opened->profiles[1].rules.key_algorithms.Get(), std::set<std::string>());
  EXPECT_EQ(opened->profiles[1].defaults.rotate_private_key.Get(), false);
}

TEST(OpenIssuer, TakesTheHandleOfACaAsIssuerWithoutProfiles) {
  const auto opened = OpenIssuer(IssuerSealer(), *SealCa(IssuerSealer(), TestIssuer().ca));

  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->profiles.empty());
}

TEST(OpenIssuer, IsTheCaToWhoeverNeedsNoProfile) {
  const auto ca = OpenCa(IssuerSealer(), *SealIssuer(IssuerSealer(), WithProfile(TestIssuer(), "team", "{}")));

  ASSERT_TRUE(ca);
  EXPECT_EQ(ca->directory_url, "https://ca.test/dir");
}

TEST(OpenIssuer, IgnoresNoRuleOfANewerVersion) {
  for (const char* rules : {R"({"issuers": ["x"]})", R"({"dns_names": {"allow": ["a.test"], "regex": "x"}})"}) {
    const sealed::IssuerPayload payload{.ca = TestIssuer().ca,
                                        .profiles = {{.id = "1", .name = "team", .rules = rules, .defaults = "{}"}}};

    const auto opened = OpenIssuer(IssuerSealer(), *SealProfile(IssuerSealer(), payload));

    ASSERT_FALSE(opened) << rules;
    EXPECT_NE(opened.error().message.find("newer version"), std::string::npos);
  }
}

TEST(OpenIssuer, ReadsRulesThatLackWhatCameLater) {
  const sealed::IssuerPayload payload{
      .ca = TestIssuer().ca,
      .profiles = {{.id = "1", .name = "team", .rules = R"({"csr": "forbidden", "dns_names": {}})", .defaults = "{}"}}};

  const auto opened = OpenIssuer(IssuerSealer(), *SealProfile(IssuerSealer(), payload));

  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->profiles[0].rules.csr.Get(), ArgumentPresence::kForbidden);
}

TEST(SealIssuer, GivesTheSameHandleForTheSameRules) {
  const auto seal = [](const std::string& rules) {
    return *SealIssuer(IssuerSealer(), WithProfile(TestIssuer(), "team", rules));
  };

  EXPECT_EQ(seal(R"({"profiles": ["a", "b"], "csr": "required"})"), seal(R"({"csr": "required", "profiles": ["b", "a"]})"));
  EXPECT_NE(seal("{}"), seal(R"({"profiles": []})"));
}

// Handles that are in states must stay what the plans of later versions make.
TEST(SealIssuer, KeepsItsBytes) {
  const std::string handle = *SealIssuer(
      IssuerSealer(), WithProfile(TestIssuer(), "team",
                                  R"({"dns_names": {"allow": ["*.a.test"]}, "max_validity": "30d", "export_private_key": false})",
                                  R"({"renew_before": "33%"})"));

  EXPECT_TRUE(handle.starts_with("cw2:profile::")) << handle;
  EXPECT_EQ(base::Hex(base::crypto::Sha256(handle)), "d9e42ef1c749abcdd4e77d139396c1dbaf410d8f4bd17f590af9c1c4c22ff824");
}

TEST(ProfileId, GoesByAccountAndNamesAlone) {
  const Issuer team = WithProfile(TestIssuer(), "team", R"({"csr": "required"})");
  Issuer other_account = TestIssuer();
  other_account.ca.account_url = "https://ca.test/account/2";

  EXPECT_EQ(team.profiles[0].id, ProfileId(TestIssuer(), "team"));
  EXPECT_EQ(team.profiles[0].id.size(), 32U);
  EXPECT_NE(ProfileId(team, "team"), team.profiles[0].id);
  EXPECT_NE(ProfileId(other_account, "team"), team.profiles[0].id);
}

TEST(DefaultsOf, PrefersTheProfileNextToTheCertificate) {
  const Issuer issuer = WithProfile(WithProfile(TestIssuer(), "platform", "{}", R"({"validity": "30d", "renew_before": "33%"})"),
                                    "team", "{}", R"({"validity": "10d"})");

  const auto defaults = DefaultsOf(issuer);

  EXPECT_EQ(defaults.Get("validity").AsString(), "10d");
  EXPECT_EQ(defaults.Get("renew_before").AsString(), "33%");
  EXPECT_TRUE(defaults.Get("profile").is_null());
}

TEST(DestinationsOf, AreThoseThatEveryProfileAllows) {
  const Issuer platform = WithProfile(TestIssuer(), "platform", R"({"destinations": ["local_files", "vault_kv"]})");

  EXPECT_EQ(DestinationsOf(TestIssuer()), std::nullopt);
  EXPECT_EQ(DestinationsOf(WithProfile(platform, "open", "{}")), (std::set<std::string>{"local_files", "vault_kv"}));
  EXPECT_EQ(DestinationsOf(WithProfile(platform, "team", R"({"destinations": ["vault_kv", "ssh_host"]})")),
            std::set<std::string>{"vault_kv"});
  EXPECT_EQ(DestinationsOf(WithProfile(platform, "none", R"({"destinations": []})")), std::set<std::string>());
}

}  // namespace
}  // namespace resources
