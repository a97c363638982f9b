// SPDX-License-Identifier: MPL-2.0
// The godaddy provider against a strict fake.
#include "tests/contract/replaced_sets_contract.h"
#include "tests/engine/vendors/godaddy/fake_api.h"
#include "tests/support/lexicon.h"

namespace tests::godaddy_dns {
namespace {

class GodaddyBench : public DnsApiBench<FakeGodaddy> {
 public:
  static constexpr int kManyNames = 40;  // one request each to remove, of 60 a minute

  engine::connections::Connection With(const char* key, const char* url = FakeGodaddy::kUrl) const {
    return {.kind = "godaddy",
            .id = "c",
            .settings =
                ConnectionSettings("godaddy", {{"api_key", key}, {"api_secret", FakeGodaddy::kSecret}, {"endpoint_url", url}})};
  }
  engine::connections::Connection good() const { return With(FakeGodaddy::kToken); }
  engine::connections::Connection denied() const { return With("wrong-token-canary"); }
  engine::connections::Connection silent() const { return With(FakeGodaddy::kToken, FakeApi::kSilentUrl); }
  // GoDaddy says how long in the body.
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return JsonAnswer(429, {{"code", "TOO_MANY_REQUESTS"}, {"message", "Too many requests"}, {"retryAfterSec", wait.count()}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Godaddy, DnsProviderContract, GodaddyBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Godaddy, DnsApiContract, GodaddyBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Godaddy, ReplacedSetsContract, GodaddyBench);

class GodaddyDns : public TokenDnsTest<GodaddyBench> {};

TEST_F(GodaddyDns, ReadsAddsAndVerifiesAllNamesInOneRequestEach) {
  EXPECT_EQ(CountRequests(1), 3U);
  EXPECT_EQ(CountRequests(20), 3U);
}

TEST_F(GodaddyDns, ARecordThatCameInBetweenIsAddedTo) {
  bench_.AddForeign(name_, "a");
  bench_.api().FailNext({JsonAnswer(200, base::Json::array())});

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values(name_), std::vector<std::string>{"a"});
}

TEST_F(GodaddyDns, AForeignValueIsFoundOnALaterPage) {
  for (int i = 0; i < 600; ++i) bench_.AddForeign(base::Cat("host-", i, ".example.test."), "other");
  bench_.AddForeign(name_, "foreign");

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values(name_), (std::vector<std::string>{"a", "foreign"}));
}

class FakeGodaddyJudged : public WithLexicon {};

TEST_F(FakeGodaddyJudged, AForeignClientSeesOurValueAndLeavesIt) {
  GodaddyBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider("godaddy")->make(bench.good(), {.http = bench.http()});
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen =
      RunLexicon(bench.api(), "godaddy", "/v1", {{"auth_key", FakeGodaddy::kToken}, {"auth_secret", FakeGodaddy::kSecret}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::godaddy_dns
