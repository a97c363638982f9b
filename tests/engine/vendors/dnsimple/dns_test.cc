// SPDX-License-Identifier: MPL-2.0
// The dnsimple provider against a strict fake.
#include "tests/contract/token_dns_bench.h"
#include "tests/engine/vendors/dnsimple/fake_api.h"
#include "tests/support/lexicon.h"

namespace tests::dnsimple_dns {
namespace {

class DnsimpleBench : public TokenDnsBench<FakeDnsimple> {
 public:
  DnsimpleBench() : TokenDnsBench("dnsimple", {}, {{"account_id", FakeDnsimple::kAccount}}) {}

  // The time is that of FakeClock's start: DNSimple names the moment, not the span.
  base::http::Response Throttled(std::chrono::seconds wait) const {
    const auto reset = FakeClock().Now() + wait;
    return JsonAnswer(
        429, {{"message", "quota exceeded"}},
        {{"X-RateLimit-Limit", "2400"},
         {"X-RateLimit-Remaining", "0"},
         {"X-RateLimit-Reset", std::to_string(std::chrono::floor<std::chrono::seconds>(reset.time_since_epoch()).count())}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Dnsimple, DnsProviderContract, DnsimpleBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Dnsimple, DnsApiContract, DnsimpleBench);

class DnsimpleDns : public TokenDnsTest<DnsimpleBench> {};

TEST_F(DnsimpleDns, ListsTheZoneOnce) {
  EXPECT_EQ(CountRequests(1), 2U);
  EXPECT_EQ(CountRequests(20), 1U + 19U);  // one of them is there already
}

TEST_F(DnsimpleDns, TheApexHasNoName) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("example.test."), std::vector<std::string>{"a"});
}

TEST_F(DnsimpleDns, AnEqualRecordIsFoundOnALaterPage) {
  for (int i = 0; i < 250; ++i) bench_.AddForeign(base::Cat("host-", i, ".example.test."), "other");
  bench_.AddForeign(name_, "a");

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values(name_), std::vector<std::string>{"a"});
}

TEST_F(DnsimpleDns, ATokenWithoutAccessIsToldSo) {
  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}}, FakeDnsimple::kReadOnlyToken);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("access to the zone"), std::string::npos) << result.error().message;
}

class FakeDnsimpleJudged : public WithLexicon {};

TEST_F(FakeDnsimpleJudged, AForeignClientSeesOurValueAndLeavesIt) {
  DnsimpleBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider("dnsimple")->make(bench.good(), {.http = bench.http()});
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen = RunLexicon(bench.api(), "dnsimple", "/v2", {{"auth_token", FakeDnsimple::kToken}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::dnsimple_dns
