// SPDX-License-Identifier: MPL-2.0
// The porkbun provider against a strict fake.
#include "tests/contract/token_dns_bench.h"
#include "tests/engine/vendors/porkbun/fake_api.h"
#include "tests/support/lexicon.h"

namespace tests::porkbun_dns {
namespace {

using base::ErrorKind;

class PorkbunBench : public DnsApiBench<FakePorkbun> {
 public:
  static constexpr int kManyNames = 25;  // two requests each, of 60 a minute

  engine::connections::Connection With(const char* key, const char* url = FakePorkbun::kUrl) const {
    return {.kind = "porkbun",
            .id = "c",
            .settings = ConnectionSettings("porkbun",
                                           {{"api_key", key}, {"secret_api_key", FakePorkbun::kSecret}, {"endpoint_url", url}})};
  }
  engine::connections::Connection good() const { return With(FakePorkbun::kToken); }
  engine::connections::Connection denied() const { return With("wrong-token-canary"); }
  engine::connections::Connection silent() const { return With(FakePorkbun::kToken, FakeApi::kSilentUrl); }
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return JsonAnswer(429, {{"status", "ERROR"}, {"message", "Too many requests."}},
                      {{"Retry-After", std::to_string(wait.count())}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Porkbun, DnsProviderContract, PorkbunBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Porkbun, DnsApiContract, PorkbunBench);

class PorkbunDns : public TokenDnsTest<PorkbunBench> {};

TEST_F(PorkbunDns, ListsTheZoneOnce) {
  EXPECT_EQ(CountRequests(1), 2U);
  EXPECT_EQ(CountRequests(20), 1U + 19U);  // one of them is there already
}

TEST_F(PorkbunDns, TheApexIsNamedAsTheZone) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  ASSERT_TRUE(Place(by_name_, {{.fqdn = "example.test.", .value = "a"}}));
  EXPECT_EQ(bench_.Values("example.test."), std::vector<std::string>{"a"});
}

TEST_F(PorkbunDns, ADomainThatIsNotOptedInIsToldHow) {
  const auto result = Place({.name = "closed.test.", .id = {}}, {{.fqdn = "_acme-challenge.closed.test.", .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("not opted in to API access"), std::string::npos) << result.error().message;
  EXPECT_NE(result.error().message.find("API access switched on for the domain"), std::string::npos) << result.error().message;
}

TEST_F(PorkbunDns, ARefusalWithAGoodStatusIsARefusal) {
  bench_.api().FailNext({JsonAnswer(200, {{"status", "ERROR"}, {"message", "Invalid domain."}})});

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("Invalid domain."), std::string::npos) << result.error().message;
}

TEST_F(PorkbunDns, AnIdIsNoZone) {
  const auto result = Place({.name = "example.test.", .id = "12345"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(bench_.api().requests().empty());
}

class FakePorkbunJudged : public WithLexicon {};

TEST_F(FakePorkbunJudged, AForeignClientSeesOurValueAndLeavesIt) {
  PorkbunBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider("porkbun")->make(bench.good(), {.http = bench.http()});
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen = RunLexicon(bench.api(), "porkbun", "/api/json/v3",
                               {{"auth_key", FakePorkbun::kToken}, {"auth_secret", FakePorkbun::kSecret}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::porkbun_dns
