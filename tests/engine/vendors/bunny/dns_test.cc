// SPDX-License-Identifier: MPL-2.0
// The bunny provider against a strict fake.
#include "tests/contract/token_dns_bench.h"
#include "tests/engine/vendors/bunny/fake_api.h"
#include "tests/support/foreign_python.h"
#include "tests/support/loopback_http.h"

namespace tests::bunny_dns {
namespace {

using base::ErrorKind;

class BunnyBench : public TokenDnsBench<FakeBunny> {
 public:
  static constexpr int kManyNames = 100;  // two requests each, of 300 a minute

  BunnyBench() : TokenDnsBench("bunny", FakeBunny::kZoneId) {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(Bunny, DnsProviderContract, BunnyBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Bunny, DnsApiContract, BunnyBench);

class BunnyDns : public TokenDnsTest<BunnyBench> {};

TEST_F(BunnyDns, FindsTheZoneByNameAndReadsItOnce) {
  EXPECT_EQ(CountRequests(1), 3U);
  EXPECT_EQ(CountRequests(20), 2U + 19U);  // one of them is there already
  EXPECT_EQ(placed_.front().zone_id, FakeBunny::kZoneId);
}

TEST_F(BunnyDns, TheApexHasNoName) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("example.test."), std::vector<std::string>{"a"});
}

// The search finds parts of names.
TEST_F(BunnyDns, AZoneThatOnlyContainsTheNameIsAnother) {
  const auto result = Place({.name = "ample.test.", .id = {}}, {{.fqdn = "_acme-challenge.ample.test.", .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kNotFound);
}

TEST_F(BunnyDns, AKeyThatMayOnlyReadIsToldWhatIsNeeded) {
  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}}, FakeBunny::kReadOnlyToken);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("manage DNS zones"), std::string::npos) << result.error().message;
}

TEST_F(BunnyDns, AWrongIdNamesTheZoneAndTheId) {
  const auto result = Place({.name = "example.test.", .id = "77"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(result.error().code, "dnszone.zone.not_found");
  EXPECT_NE(result.error().message.find("no zone example.test. with the id 77"), std::string::npos) << result.error().message;
}

// A second PUT would make a second record.
TEST_F(BunnyDns, ACreationWhoseAnswerIsLostIsNotRepeated) {
  bench_.api().LoseNextAnswer();

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  EXPECT_FALSE(result);
  EXPECT_EQ(bench_.Values(name_), std::vector<std::string>{"a"});
  EXPECT_EQ(placed_.size(), 1U);
}

class FakeBunnyJudged : public WithForeignPython {};

TEST_F(FakeBunnyJudged, AForeignClientIsServedAndRefusedAsByBunny) {
  FakeBunny api;
  api.Add("_acme-challenge.example.test.", "ours");
  const LoopbackServer server([&api](const base::http::Request& request) { return Answer(api.Handle(request)); });

  const std::string findings = RunJudge("bunny/judge_dns.py", {server.Url(""), FakeBunny::kToken});

  EXPECT_EQ(findings, base::Cat("zone: ", FakeBunny::kZoneId,
                                " example.test 0\n"
                                "values: one ours two\n"
                                "values: ours two\n"
                                "gone: BunnyDNSNotFoundError\n"
                                "no zone: BunnyDNSNotFoundError\n"
                                "stranger: BunnyDNSAuthenticationError\n"));
}

}  // namespace
}  // namespace tests::bunny_dns
