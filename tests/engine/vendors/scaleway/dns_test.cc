// SPDX-License-Identifier: MPL-2.0
// The scaleway provider against a strict fake.
#include "tests/contract/token_dns_bench.h"
#include "tests/engine/vendors/scaleway/fake_api.h"
#include "tests/support/foreign_python.h"
#include "tests/support/loopback_http.h"

namespace tests::scaleway_dns {
namespace {

using base::ErrorKind;

class ScalewayBench : public TokenDnsBench<FakeScaleway> {
 public:
  ScalewayBench() : TokenDnsBench("scaleway") {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(Scaleway, DnsProviderContract, ScalewayBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Scaleway, DnsApiContract, ScalewayBench);

class ScalewayDns : public TokenDnsTest<ScalewayBench> {};

TEST_F(ScalewayDns, ListsTheZoneOnceAndAddsAllNamesInOneRequest) {
  EXPECT_EQ(CountRequests(1), 2U);
  EXPECT_EQ(CountRequests(20), 2U);
}

TEST_F(ScalewayDns, TheApexHasNoName) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("example.test."), std::vector<std::string>{"a"});
}

TEST_F(ScalewayDns, AnEqualRecordIsFoundOnALaterPage) {
  for (int i = 0; i < 1100; ++i) bench_.AddForeign(base::Cat("host-", i, ".example.test."), "other");
  bench_.AddForeign(name_, "a");

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values(name_), std::vector<std::string>{"a"});
}

TEST_F(ScalewayDns, AKeyThatMayOnlyReadIsToldThePermissionSet) {
  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}}, FakeScaleway::kReadOnlyToken);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(result.error().code, "permissions_denied");
  EXPECT_NE(result.error().message.find("DomainsDNSFullAccess"), std::string::npos) << result.error().message;
}

TEST_F(ScalewayDns, AnIdIsNoZone) {
  const auto result = Place({.name = "example.test.", .id = "12345"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(bench_.api().requests().empty());
}

// Scaleway takes all changes of a request or none.
TEST_F(ScalewayDns, ARecordThatIsGoneDoesNotKeepTheOthers) {
  ASSERT_TRUE(Place(by_name_, Names(3)));
  const auto connection = bench_.good();
  const auto provider = *engine::vendors::FindDnsProvider("scaleway")->make(connection, {.http = bench_.http()});
  const std::vector first{placed_.front()};
  ASSERT_TRUE(provider->Remove(clock_.Call(), by_name_, first));

  const auto removed = provider->Remove(clock_.Call(), by_name_, placed_);

  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_TRUE(bench_.Values("_acme-challenge.host-2.example.test.").empty());
}

class FakeScalewayJudged : public WithForeignPython {};

TEST_F(FakeScalewayJudged, LexiconIsServedAndRefusedAsByScaleway) {
  FakeScaleway api;
  api.Add("_acme-challenge.example.test.", "ours");
  const LoopbackServer server([&api](const base::http::Request& request) { return Answer(api.Handle(request)); });

  const std::string findings = RunJudge("scaleway/judge_dns.py", {server.Url("/domain/v2beta1"), FakeScaleway::kToken});

  EXPECT_EQ(findings,
            "values: one ours two\n"
            "values: ours two\n"
            "no zone: 403\n"
            "stranger: 401\n");
}

}  // namespace
}  // namespace tests::scaleway_dns
