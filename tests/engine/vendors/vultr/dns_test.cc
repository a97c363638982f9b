// SPDX-License-Identifier: MPL-2.0
// The vultr provider against a strict fake.
#include "tests/contract/token_dns_bench.h"
#include "tests/engine/vendors/vultr/fake_api.h"
#include "tests/support/lexicon.h"

namespace tests::vultr_dns {
namespace {

using base::ErrorKind;

class VultrBench : public TokenDnsBench<FakeVultr> {
 public:
  static constexpr int kManyNames = 20;  // two requests each, of 30 a second

  VultrBench() : TokenDnsBench("vultr") {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(Vultr, DnsProviderContract, VultrBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Vultr, DnsApiContract, VultrBench);

class VultrDns : public TokenDnsTest<VultrBench> {};

TEST_F(VultrDns, ListsTheZoneOnce) {
  EXPECT_EQ(CountRequests(1), 2U);
  EXPECT_EQ(CountRequests(20), 1U + 19U);  // one of them is there already
}

TEST_F(VultrDns, TheApexHasNoName) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("example.test."), std::vector<std::string>{"a"});
}

TEST_F(VultrDns, AnEqualRecordIsFoundOnALaterPage) {
  for (int i = 0; i < 600; ++i) bench_.AddForeign(base::Cat("host-", i, ".example.test."), "other");
  bench_.AddForeign(name_, "a");

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values(name_), std::vector<std::string>{"a"});
}

TEST_F(VultrDns, AUserWhoMayNotManageDnsIsToldSo) {
  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}}, FakeVultr::kReadOnlyToken);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("Manage DNS"), std::string::npos) << result.error().message;
}

TEST_F(VultrDns, AnIdIsNoZone) {
  const auto result = Place({.name = "example.test.", .id = "12345"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(bench_.api().requests().empty());
}

class FakeVultrJudged : public WithLexicon {};

TEST_F(FakeVultrJudged, AForeignClientSeesOurValueAndLeavesIt) {
  VultrBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider("vultr")->make(bench.good(), {.http = bench.http()});
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen = RunLexicon(bench.api(), "vultr", "/v2", {{"auth_token", FakeVultr::kToken}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::vultr_dns
