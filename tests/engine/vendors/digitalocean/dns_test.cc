// SPDX-License-Identifier: MPL-2.0
// The digitalocean provider against a strict fake.
#include "tests/contract/dns_api_contract.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/engine/vendors/digitalocean/fake_api.h"
#include "tests/support/lexicon.h"
#include "tests/support/settings.h"

namespace tests::digitalocean_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

Connection WithToken(const char* token) {
  Connection connection{.kind = "digitalocean",
                        .id = "c",
                        .settings = ConnectionSettings("digitalocean", {{"endpoint_url", FakeDigitalocean::kUrl}})};
  Put(connection.settings, "api_token", base::Secret(token));
  return connection;
}

class DigitaloceanBench : public DnsApiBench<FakeDigitalocean> {
 public:
  static constexpr int kManyNames = 80;  // three requests each, of 250 a minute

  Connection good() const { return WithToken(FakeDigitalocean::kToken); }
  Connection denied() const { return WithToken("wrong-token-canary"); }
  Connection silent() const {
    Connection connection = WithToken(FakeDigitalocean::kToken);
    Put(connection.settings, "endpoint_url", FakeApi::kSilentUrl);
    return connection;
  }
  // The time is that of FakeClock's start: DigitalOcean names the moment, not the span.
  base::http::Response Throttled(std::chrono::seconds wait) const {
    const auto reset = FakeClock().Now() + wait;
    return JsonAnswer(
        429, {{"id", "too_many_requests"}, {"message", "API Rate limit exceeded."}},
        {{"ratelimit-limit", "5000"},
         {"ratelimit-remaining", "0"},
         {"ratelimit-reset", std::to_string(std::chrono::floor<std::chrono::seconds>(reset.time_since_epoch()).count())}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Digitalocean, DnsProviderContract, DigitaloceanBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Digitalocean, DnsApiContract, DigitaloceanBench);

class Digitalocean : public testing::Test {
 protected:
  base::Result<void> Place(const char* token, const Zone& zone, std::vector<TxtRecord> records) {
    const auto provider = engine::vendors::FindDnsProvider("digitalocean")
                              ->make(WithToken(token), {.http = &api_, .random = &base::SystemRandom()});
    return (*provider)->Place(clock_.Call(), zone, records, placed_);
  }

  const Zone zone_{.name = "example.test.", .id = {}};
  const std::string name_ = "_acme-challenge.example.test.";
  FakeDigitalocean api_;
  FakeClock clock_;
  std::vector<PlacedRecord> placed_;
};

TEST_F(Digitalocean, TheApexIsAnAtSign) {
  const auto result =
      Place(FakeDigitalocean::kToken, zone_, {{.fqdn = "example.test.", .value = "a", .ttl = std::chrono::seconds(1)}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.Values("example.test."), std::vector<std::string>{"a"});
}

TEST_F(Digitalocean, ALostAnswerMakesNoSecondRecord) {
  api_.LoseNextAnswer();

  const auto result = Place(FakeDigitalocean::kToken, zone_, {{.fqdn = name_, .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.Values(name_), std::vector<std::string>{"a"});
  EXPECT_FALSE(placed_.front().record_id.empty());
}

TEST_F(Digitalocean, ATokenThatMayOnlyReadIsToldItsScopes) {
  const auto result = Place(FakeDigitalocean::kReadOnlyToken, zone_, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("domain:create"), std::string::npos) << result.error().message;
}

TEST_F(Digitalocean, AnIdIsNoZone) {
  const auto result = Place(FakeDigitalocean::kToken, {.name = "example.test.", .id = "12345"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(api_.requests().empty());
}

TEST_F(Digitalocean, AnAnswerWithoutTheIdIsAProtocolError) {
  api_.FailNext({JsonAnswer(200, {{"domain_records", base::Json::array()}}), JsonAnswer(201, base::Json::object())});

  const auto result = Place(FakeDigitalocean::kToken, zone_, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kProtocol);
  EXPECT_EQ(placed_.size(), 1u);
}

class FakeDigitaloceanJudged : public WithLexicon {};

TEST_F(FakeDigitaloceanJudged, AForeignClientSeesOurValueAndLeavesIt) {
  DigitaloceanBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider(bench.good().kind)->make(bench.good(), {.http = bench.http()});
  std::vector<PlacedRecord> placed;
  const std::vector<TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen = RunLexicon(bench.api(), "digitalocean", "/v2", {{"auth_token", FakeDigitalocean::kToken}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::digitalocean_dns
