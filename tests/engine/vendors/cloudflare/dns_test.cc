// SPDX-License-Identifier: MPL-2.0
// The cloudflare provider against a strict fake.
#include "tests/contract/dns_api_contract.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/engine/vendors/cloudflare/fake_api.h"
#include "tests/support/lexicon.h"
#include "tests/support/settings.h"

namespace tests::cloudflare_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

Connection WithToken(const char* token) {
  Connection connection{
      .kind = "cloudflare", .id = "c", .settings = ConnectionSettings("cloudflare", {{"endpoint_url", FakeCloudflare::kUrl}})};
  Put(connection.settings, "api_token", base::Secret(token));
  return connection;
}

class CloudflareBench : public DnsApiBench<FakeCloudflare> {
 public:
  CloudflareBench() : DnsApiBench(FakeCloudflare::kZoneId) {}

  Connection good() const { return WithToken(FakeCloudflare::kToken); }
  Connection denied() const { return WithToken("wrong-token-canary"); }
  Connection silent() const {
    Connection connection = WithToken(FakeCloudflare::kToken);
    Put(connection.settings, "endpoint_url", FakeApi::kSilentUrl);
    return connection;
  }
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return JsonAnswer(429,
                      {{"success", false},
                       {"errors", {{{"code", 971}, {"message", "Please wait and consider throttling your request speed"}}}}},
                      {{"Retry-After", std::to_string(wait.count())}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Cloudflare, DnsProviderContract, CloudflareBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Cloudflare, DnsApiContract, CloudflareBench);

class Cloudflare : public testing::Test {
 protected:
  base::Result<void> Place(const Connection& connection, const Zone& zone, std::vector<TxtRecord> records) {
    const auto provider =
        engine::vendors::FindDnsProvider("cloudflare")->make(connection, {.http = &api_, .random = &base::SystemRandom()});
    return (*provider)->Place(clock_.Call(), zone, records, placed_);
  }
  base::Result<void> Remove(const Connection& connection, const Zone& zone) {
    const auto provider =
        engine::vendors::FindDnsProvider("cloudflare")->make(connection, {.http = &api_, .random = &base::SystemRandom()});
    return (*provider)->Remove(clock_.Call(), zone, placed_);
  }

  const Zone by_name_{.name = "example.test.", .id = {}};
  const Zone by_id_{.name = "example.test.", .id = FakeCloudflare::kZoneId};
  const std::string name_ = "_acme-challenge.example.test.";
  FakeCloudflare api_;
  FakeClock clock_;
  std::vector<PlacedRecord> placed_;
};

TEST_F(Cloudflare, AHundredNamesAreOneCallInAndOneOut) {
  std::vector<TxtRecord> records;
  for (int i = 0; i < 100; ++i) records.push_back({.fqdn = base::Cat("_acme-challenge.h", i, ".example.test."), .value = "v"});

  ASSERT_TRUE(Place(WithToken(FakeCloudflare::kToken), by_id_, records));
  ASSERT_TRUE(Remove(WithToken(FakeCloudflare::kToken), by_id_));

  EXPECT_EQ(api_.requests().size(), 2u);
}

TEST_F(Cloudflare, ABatchWithAValueThatIsThereIsPlacedAroundIt) {
  api_.Add(name_, "\"there\"");

  const auto result = Place(WithToken(FakeCloudflare::kToken), by_id_,
                            {{.fqdn = name_, .value = "a"}, {.fqdn = name_, .value = "there"}, {.fqdn = name_, .value = "b"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.Values(name_), (std::vector<std::string>{"a", "b", "there"}));
  EXPECT_EQ(placed_.size(), 3u);
}

TEST_F(Cloudflare, ABatchOfRemovalsPassesOverWhatIsGone) {
  ASSERT_TRUE(Place(WithToken(FakeCloudflare::kToken), by_id_, {{.fqdn = name_, .value = "a"}, {.fqdn = name_, .value = "b"}}));
  std::vector<PlacedRecord> first{placed_.front()};
  std::swap(first, placed_);
  ASSERT_TRUE(Remove(WithToken(FakeCloudflare::kToken), by_id_));
  std::swap(first, placed_);

  const auto removed = Remove(WithToken(FakeCloudflare::kToken), by_id_);

  EXPECT_TRUE(removed) << removed.error().message;
  EXPECT_TRUE(api_.Values(name_).empty());
}

TEST_F(Cloudflare, TheZoneIsFoundByItsName) {
  const auto result = Place(WithToken(FakeCloudflare::kToken), by_name_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(placed_.front().zone_id, FakeCloudflare::kZoneId);
}

TEST_F(Cloudflare, AZoneThatMovedToAnotherAccountIsPassedOver) {
  const auto result = Place(WithToken(FakeCloudflare::kToken), {.name = "moved.test.", .id = {}},
                            {{.fqdn = "_acme-challenge.moved.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(placed_.front().zone_id, std::string(32, 'd'));
}

TEST_F(Cloudflare, OneNameInTwoAccountsAsksForTheId) {
  const auto result = Place(WithToken(FakeCloudflare::kToken), {.name = "twice.test.", .id = {}},
                            {{.fqdn = "_acme-challenge.twice.test.", .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find(FakeCloudflare::kOtherTwinId), std::string::npos) << result.error().message;
}

TEST_F(Cloudflare, ATokenThatCannotListZonesWorksWithTheId) {
  const auto by_name = Place(WithToken(FakeCloudflare::kZoneToken), by_name_, {{.fqdn = name_, .value = "a"}});
  const auto by_id = Place(WithToken(FakeCloudflare::kZoneToken), by_id_, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(by_name);
  EXPECT_EQ(by_name.error().kind, ErrorKind::kNotFound);
  EXPECT_NE(by_name.error().message.find("the zone's id"), std::string::npos) << by_name.error().message;
  ASSERT_TRUE(by_id) << by_id.error().message;
  EXPECT_TRUE(Remove(WithToken(FakeCloudflare::kZoneToken), by_id_));
  EXPECT_TRUE(api_.Values(name_).empty());
}

TEST_F(Cloudflare, AnotherZonesTokenIsDeniedWithThePermissionItLacks) {
  const auto result = Place(WithToken(FakeCloudflare::kZoneToken), {.name = "twice.test.", .id = FakeCloudflare::kTwinId},
                            {{.fqdn = "_acme-challenge.twice.test.", .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("Authentication error (10000)"), std::string::npos) << result.error().message;
  EXPECT_NE(result.error().message.find("Zone / DNS / Edit for twice.test."), std::string::npos) << result.error().message;
}

TEST_F(Cloudflare, TheGlobalKeyWorks) {
  Connection connection = WithToken(FakeCloudflare::kToken);
  connection.settings.Unset("api_token");
  Put(connection.settings, "api_key", base::Secret(FakeCloudflare::kGlobalKey));
  Put(connection.settings, "email", FakeCloudflare::kEmail);

  const auto result = Place(connection, by_name_, {{.fqdn = name_, .value = "a"}});

  EXPECT_TRUE(result) << result.error().message;
}

TEST_F(Cloudflare, AnIdOfAnotherZoneLeavesNoRecordBehind) {
  const auto result = Place(WithToken(FakeCloudflare::kToken), {.name = "other.test.", .id = FakeCloudflare::kZoneId},
                            {{.fqdn = "_acme-challenge.other.test.", .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("does not hold _acme-challenge.other.test."), std::string::npos)
      << result.error().message;
  EXPECT_TRUE(api_.Values("_acme-challenge.other.test.example.test.").empty());
  EXPECT_TRUE(placed_.empty());
}

TEST_F(Cloudflare, AnIdThatIsNoneIsRefusedBeforeAnyCall) {
  const auto result =
      Place(WithToken(FakeCloudflare::kToken), {.name = "example.test.", .id = "../user"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(api_.requests().empty());
}

TEST_F(Cloudflare, AnUnknownIdNamesTheZone) {
  const auto result = Place(WithToken(FakeCloudflare::kToken), {.name = "example.test.", .id = std::string(32, '9')},
                            {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("no zone example.test. with the id"), std::string::npos) << result.error().message;
}

TEST_F(Cloudflare, AShortTtlIsRaisedToWhatEveryPlanTakes) {
  const auto result =
      Place(WithToken(FakeCloudflare::kToken), by_id_, {{.fqdn = name_, .value = "a", .ttl = std::chrono::seconds(5)}});

  EXPECT_TRUE(result) << result.error().message;
}

TEST_F(Cloudflare, AnAnswerThatIsNoJsonIsAProtocolError) {
  api_.FailNext({{.status = 200, .headers = {}, .body = "<html>"}});

  const auto result = Place(WithToken(FakeCloudflare::kToken), by_id_, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kProtocol);
  EXPECT_EQ(placed_.size(), 1u);
}

class FakeCloudflareJudged : public WithLexicon {};

TEST_F(FakeCloudflareJudged, AForeignClientSeesOurValueAndLeavesIt) {
  CloudflareBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider(bench.good().kind)->make(bench.good(), {.http = bench.http()});
  std::vector<PlacedRecord> placed;
  const std::vector<TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen = RunLexicon(bench.api(), "cloudflare", "/client/v4", {{"auth_token", FakeCloudflare::kToken}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::cloudflare_dns
