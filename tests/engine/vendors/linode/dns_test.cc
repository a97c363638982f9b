// SPDX-License-Identifier: MPL-2.0
// The linode provider against a strict fake.
#include "tests/contract/token_dns_bench.h"
#include "tests/engine/vendors/linode/fake_api.h"
#include "tests/support/lexicon.h"

namespace tests::linode_dns {
namespace {

using base::ErrorKind;

class LinodeBench : public TokenDnsBench<FakeLinode> {
 public:
  static constexpr int kManyNames = 80;  // two requests each, of 200 a minute

  LinodeBench() : TokenDnsBench("linode", FakeLinode::kZoneId) {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(Linode, DnsProviderContract, LinodeBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Linode, DnsApiContract, LinodeBench);

class LinodeDns : public TokenDnsTest<LinodeBench> {};

TEST_F(LinodeDns, FindsTheZoneByNameAndListsItOnce) {
  EXPECT_EQ(CountRequests(1), 3U);
  EXPECT_EQ(CountRequests(20), 2U + 19U);  // one of them is there already
  EXPECT_EQ(placed_.front().zone_id, FakeLinode::kZoneId);
}

TEST_F(LinodeDns, TheApexHasNoName) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("example.test."), std::vector<std::string>{"a"});
}

TEST_F(LinodeDns, AnEqualRecordIsFoundOnALaterPage) {
  for (int i = 0; i < 600; ++i) bench_.AddForeign(base::Cat("host-", i, ".example.test."), "other");
  bench_.AddForeign(name_, "a");

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values(name_), std::vector<std::string>{"a"});
}

TEST_F(LinodeDns, ATokenThatMayOnlyReadIsToldItsScope) {
  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}}, FakeLinode::kReadOnlyToken);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("domains:read_write"), std::string::npos) << result.error().message;
}

TEST_F(LinodeDns, AWrongIdNamesTheZoneAndTheId) {
  const auto result = Place({.name = "example.test.", .id = "77"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("no zone example.test. with the id 77"), std::string::npos) << result.error().message;
}

TEST_F(LinodeDns, AResponseWithoutTheIdIsAProtocolError) {
  bench_.api().FailNext({JsonAnswer(200, {{"data", base::Json::array()}}), JsonAnswer(200, base::Json::object())});

  const auto result = Place({.name = "example.test.", .id = FakeLinode::kZoneId}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kProtocol);
  EXPECT_EQ(placed_.size(), 1U);
}

class FakeLinodeJudged : public WithLexicon {};

TEST_F(FakeLinodeJudged, AForeignClientSeesOurValueAndLeavesIt) {
  LinodeBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider("linode")->make(bench.good(), {.http = bench.http()});
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen = RunLexicon(bench.api(), "linode4", "/v4/", {{"auth_token", FakeLinode::kToken}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::linode_dns
