// SPDX-License-Identifier: MPL-2.0
// The hetzner provider against a strict fake.
#include "tests/contract/token_dns_bench.h"
#include "tests/engine/vendors/hetzner/fake_api.h"
#include "tests/support/foreign_python.h"
#include "tests/support/loopback_http.h"

namespace tests::hetzner_dns {
namespace {

using base::ErrorKind;
using base::Json;

class HetznerBench : public TokenDnsBench<FakeHetzner> {
 public:
  HetznerBench() : TokenDnsBench("hetzner", FakeHetzner::kZoneId) {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(Hetzner, DnsProviderContract, HetznerBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Hetzner, DnsApiContract, HetznerBench);

base::http::Response Refused(int status, const char* code) {
  return JsonAnswer(status, {{"error", {{"code", code}, {"message", "another action is running"}}}});
}

class HetznerDns : public TokenDnsTest<HetznerBench> {};

TEST_F(HetznerDns, ListsTheZoneOnceAndNeedsNoId) {
  EXPECT_EQ(CountRequests(1), 2U);
  EXPECT_EQ(CountRequests(20), 1U + 19U);  // one of them is there already
}

TEST_F(HetznerDns, TheApexIsAnAtSign) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("example.test."), std::vector<std::string>{"a"});
}

TEST_F(HetznerDns, AnEqualValueIsFoundOnALaterPage) {
  for (int i = 0; i < 250; ++i) bench_.AddForeign(base::Cat("host-", i, ".example.test."), "other");
  bench_.AddForeign("_acme-challenge.www.example.test.", "b");

  const auto result =
      Place(by_name_, {{.fqdn = name_, .value = "a"}, {.fqdn = "_acme-challenge.www.example.test.", .value = "b"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("_acme-challenge.www.example.test."), std::vector<std::string>{"b"});
}

// Hetzner changes a zone by one action at a time, and wants the others repeated.
TEST_F(HetznerDns, AChangeThatMeetsAnotherIsRepeated) {
  for (const auto& refused : {Refused(409, "conflict"), Refused(423, "locked")}) {
    bench_.api().FailNext({JsonAnswer(200, {{"rrsets", Json::array()}}), refused});

    const auto result = Place(by_name_, {{.fqdn = name_, .value = base::Cat("value-", refused.status)}});

    ASSERT_TRUE(result) << result.error().message;
  }
  EXPECT_EQ(bench_.Values(name_), (std::vector<std::string>{"value-409", "value-423"}));
}

TEST_F(HetznerDns, AnActionThatFailedIsAnErrorAndMayHaveActed) {
  const Json action{{"status", "error"}, {"error", {{"code", "action_failed"}, {"message", "Action failed"}}}};
  bench_.api().FailNext({JsonAnswer(200, {{"rrsets", Json::array()}}), JsonAnswer(201, {{"action", action}})});

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "action_failed");
  EXPECT_EQ(placed_.size(), 1U);
}

TEST_F(HetznerDns, ATokenThatMayOnlyReadIsToldItsPermission) {
  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}}, FakeHetzner::kReadOnlyToken);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("Read & Write"), std::string::npos) << result.error().message;
}

class FakeHetznerJudged : public WithForeignPython {};

TEST_F(FakeHetznerJudged, HetznersOwnLibraryIsServedAndRefusedAsByHetzner) {
  FakeHetzner api;
  api.Add("_acme-challenge.example.test.", "ours");
  const LoopbackServer server([&api](const base::http::Request& request) { return Answer(api.Handle(request)); });

  const std::string findings = RunJudge("hetzner/judge_dns.py", {server.Url("/v1"), FakeHetzner::kToken});

  EXPECT_EQ(findings, base::Cat("zone: ", FakeHetzner::kZoneId,
                                " example.test not_found\n"
                                "added: add_rrset_records\n"
                                "values: \"one\" \"ours\" \"two\"\n"
                                "sets: _acme-challenge/TXT\n"
                                "values: \"ours\" \"two\"\n"
                                "unquoted: invalid_input\n"
                                "absent: not_found\n"
                                "stranger: unauthorized\n"));
}

}  // namespace
}  // namespace tests::hetzner_dns
