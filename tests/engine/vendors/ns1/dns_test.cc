// SPDX-License-Identifier: MPL-2.0
// The ns1 provider against a strict fake.
#include "tests/contract/replaced_sets_contract.h"
#include "tests/engine/vendors/ns1/fake_api.h"
#include "tests/support/lexicon.h"

namespace tests::ns1_dns {
namespace {

class Ns1Bench : public TokenDnsBench<FakeNs1> {
 public:
  Ns1Bench() : TokenDnsBench("ns1") {}

  // NS1 names its limit, and no moment.
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return JsonAnswer(
        429, {{"message", "rate limit exceeded"}},
        {{"X-RateLimit-Limit", "2"}, {"X-RateLimit-Period", std::to_string(2 * wait.count())}, {"X-RateLimit-Remaining", "0"}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Ns1, DnsProviderContract, Ns1Bench);
INSTANTIATE_TYPED_TEST_SUITE_P(Ns1, DnsApiContract, Ns1Bench);
INSTANTIATE_TYPED_TEST_SUITE_P(Ns1, ReplacedSetsContract, Ns1Bench);

class Ns1Dns : public TokenDnsTest<Ns1Bench> {};

TEST_F(Ns1Dns, ReadsAndVerifiesAllNamesInOneRequestEach) {
  EXPECT_EQ(CountRequests(1), 3U);
  EXPECT_EQ(CountRequests(20), 2U + 19U);  // one of them is there already
}

TEST_F(Ns1Dns, AnAnswerOfOthersKeepsItsNote) {
  bench_.AddForeign(name_, "foreign");
  bench_.api().Annotate("foreign", "ticket 42");

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values(name_), (std::vector<std::string>{"a", "foreign"}));
  EXPECT_EQ(bench_.api().NoteOf("foreign"), "ticket 42");
}

// NS1 refuses to create a record that is there.
TEST_F(Ns1Dns, ARecordThatCameInBetweenIsAddedTo) {
  bench_.AddForeign(name_, "foreign");
  bench_.api().FailNext({JsonAnswer(200, {{"records", base::Json::array()}})});

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values(name_), (std::vector<std::string>{"a", "foreign"}));
}

class FakeNs1Judged : public WithLexicon {};

TEST_F(FakeNs1Judged, AForeignClientSeesOurValueAndLeavesIt) {
  Ns1Bench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider("ns1")->make(bench.good(), {.http = bench.http()});
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen = RunLexicon(bench.api(), "nsone", "/v1", {{"auth_token", FakeNs1::kToken}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::ns1_dns
