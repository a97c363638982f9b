// SPDX-License-Identifier: MPL-2.0
// The ovh provider against a strict fake.
#include "tests/contract/token_dns_bench.h"
#include "tests/engine/vendors/ovh/fake_api.h"
#include "tests/support/lexicon.h"

namespace tests::ovh_dns {
namespace {

using base::ErrorKind;

class OvhBench : public DnsApiBench<FakeOvh> {
 public:
  engine::connections::Connection With(const char* consumer_key, const char* url = FakeOvh::kUrl) const {
    return {.kind = "ovh",
            .id = "c",
            .settings = ConnectionSettings("ovh", {{"application_key", FakeOvh::kApplicationKey},
                                                   {"application_secret", FakeOvh::kApplicationSecret},
                                                   {"consumer_key", consumer_key},
                                                   {"endpoint_url", url}})};
  }
  engine::connections::Connection good() const { return With(FakeOvh::kToken); }
  engine::connections::Connection denied() const { return With("wrong-token-canary"); }
  engine::connections::Connection silent() const { return With(FakeOvh::kToken, FakeApi::kSilentUrl); }
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return JsonAnswer(429, {{"message", "Too many requests"}}, {{"Retry-After", std::to_string(wait.count())}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Ovh, DnsProviderContract, OvhBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Ovh, DnsApiContract, OvhBench);

class OvhDns : public TokenDnsTest<OvhBench> {};

TEST_F(OvhDns, LooksForAndCreatesEachRecordAndRefreshesOnce) {
  EXPECT_EQ(CountRequests(1), 3U);
  EXPECT_EQ(CountRequests(20), 20U + 1U + 19U + 1U);  // one of them is there already, and is looked at
  EXPECT_TRUE(bench_.api().is_refreshed());
}

TEST_F(OvhDns, ARemovalTakesEffect) {
  ASSERT_TRUE(Place(by_name_, Names(3)));
  const auto provider = *engine::vendors::FindDnsProvider("ovh")->make(bench_.good(), {.http = bench_.http()});

  const auto removed = provider->Remove(clock_.Call(), by_name_, placed_);

  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_TRUE(bench_.api().is_refreshed());
  EXPECT_TRUE(bench_.Values("_acme-challenge.host-0.example.test.").empty());
}

TEST_F(OvhDns, WhatWasCreatedIsWithdrawnIfItCannotTakeEffect) {
  const base::http::Response refused =
      JsonAnswer(403, {{"errorCode", "NOT_GRANTED_CALL"}, {"message", "This call has not been granted"}});
  bench_.api().FailNext({JsonAnswer(200, base::Json::array()), JsonAnswer(200, {{"id", 7}}), refused});

  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("needs GET, POST, and DELETE for /domain/zone/example.test/*"), std::string::npos)
      << result.error().message;
  EXPECT_EQ(bench_.api().CountRequests("DELETE"), 1U);
  EXPECT_TRUE(placed_.empty());
}

TEST_F(OvhDns, TheApexHasNoName) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("example.test."), std::vector<std::string>{"a"});
}

TEST_F(OvhDns, AnIdIsNoZone) {
  const auto result = Place({.name = "example.test.", .id = "12345"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(bench_.api().requests().empty());
}

class FakeOvhJudged : public WithLexicon {};

TEST_F(FakeOvhJudged, AForeignClientSeesOurValueAndLeavesIt) {
  OvhBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider("ovh")->make(bench.good(), {.http = bench.http()});
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen = RunLexicon(bench.api(), "ovh", "/1.0",
                               {{"auth_entrypoint", "ovh-eu"},
                                {"auth_application_key", FakeOvh::kApplicationKey},
                                {"auth_application_secret", FakeOvh::kApplicationSecret},
                                {"auth_consumer_key", FakeOvh::kToken}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::ovh_dns
