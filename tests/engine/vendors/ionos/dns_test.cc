// SPDX-License-Identifier: MPL-2.0
// The ionos provider against a strict fake.
#include "tests/contract/token_dns_bench.h"
#include "tests/engine/vendors/ionos/fake_api.h"
#include "tests/support/foreign_python.h"
#include "tests/support/loopback_http.h"

namespace tests::ionos_dns {
namespace {

using base::ErrorKind;

class IonosBench : public TokenDnsBench<FakeIonos> {
 public:
  static constexpr int kManyNames = 100;  // two requests each, of 300 a minute

  IonosBench() : TokenDnsBench("ionos", FakeIonos::kZoneId) {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(Ionos, DnsProviderContract, IonosBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Ionos, DnsApiContract, IonosBench);

class IonosDns : public TokenDnsTest<IonosBench> {};

TEST_F(IonosDns, FindsTheZoneByNameAndListsItOnce) {
  EXPECT_EQ(CountRequests(1), 3U);
  EXPECT_EQ(CountRequests(20), 2U + 19U);  // one of them is there already
  EXPECT_EQ(placed_.front().zone_id, FakeIonos::kZoneId);
}

TEST_F(IonosDns, TheApexIsNamedAsTheZone) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("example.test."), std::vector<std::string>{"a"});
}

TEST_F(IonosDns, ACustomerWhoMayNotIsToldWhatIsNeeded) {
  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}}, FakeIonos::kReadOnlyToken);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(result.error().code, "UNAUTHORIZED");
  EXPECT_NE(result.error().message.find("the contract that has the domain"), std::string::npos) << result.error().message;
}

TEST_F(IonosDns, AWrongIdNamesTheZoneAndTheId) {
  const auto result = Place({.name = "example.test.", .id = "77"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("no zone example.test. with the id 77"), std::string::npos) << result.error().message;
}

class FakeIonosJudged : public WithForeignPython {};

TEST_F(FakeIonosJudged, LexiconIsServedAndRefusedAsByIonos) {
  FakeIonos api;
  api.Add("_acme-challenge.example.test.", "ours");
  const LoopbackServer server([&api](const base::http::Request& request) { return Answer(api.Handle(request)); });

  const std::string findings = RunJudge("ionos/judge_dns.py", {server.Url("/dns/v1/zones"), FakeIonos::kToken});

  EXPECT_EQ(findings,
            "values: one ours two\n"
            "values: ours two\n"
            "no zone: domain not found: nowhere.test\n"
            "stranger: 401\n");
}

}  // namespace
}  // namespace tests::ionos_dns
