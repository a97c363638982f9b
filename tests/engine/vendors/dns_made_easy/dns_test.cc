// SPDX-License-Identifier: MPL-2.0
// The dns_made_easy provider against a strict fake.
#include "tests/contract/dns_api_contract.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/engine/vendors/dns_made_easy/fake_api.h"
#include "tests/support/lexicon.h"
#include "tests/support/settings.h"

namespace tests::dns_made_easy_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

Connection WithSecret(const char* secret, const char* url = FakeDnsMadeEasy::kUrl) {
  Connection connection{.kind = "dns_made_easy",
                        .id = "c",
                        .settings = ConnectionSettings("dns_made_easy", {{"endpoint_url", url}, {"sandbox", "false"}})};
  Put(connection.settings, "api_key", base::Secret(FakeDnsMadeEasy::kApiKey));
  Put(connection.settings, "secret_key", base::Secret(secret));
  return connection;
}

class DnsMadeEasyBench : public DnsApiBench<FakeDnsMadeEasy> {
 public:
  DnsMadeEasyBench() : DnsApiBench(FakeDnsMadeEasy::kZoneId) {}

  Connection good() const { return WithSecret(FakeDnsMadeEasy::kSecretKey); }
  Connection denied() const { return WithSecret("wrong-secret-canary"); }
  Connection silent() const { return WithSecret(FakeDnsMadeEasy::kSecretKey, FakeApi::kSilentUrl); }
  // Says nothing of when to come back.
  base::http::Response Throttled(std::chrono::seconds) const {
    return JsonAnswer(400, {{"error", {"Rate limit exceeded"}}},
                      {{"x-dnsme-requestLimit", "150"}, {"x-dnsme-requestsRemaining", "0"}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(DnsMadeEasy, DnsProviderContract, DnsMadeEasyBench);
INSTANTIATE_TYPED_TEST_SUITE_P(DnsMadeEasy, DnsApiContract, DnsMadeEasyBench);

class DnsMadeEasy : public testing::Test {
 protected:
  std::unique_ptr<engine::dns::Provider> Make() {
    return *engine::vendors::FindDnsProvider("dns_made_easy")
                ->make(WithSecret(FakeDnsMadeEasy::kSecretKey), {.http = &api_, .random = &base::SystemRandom()});
  }
  base::Result<void> Place(const Zone& zone, std::vector<TxtRecord> records) {
    return Make()->Place(clock_.Call(), zone, records, placed_);
  }

  const Zone by_name_{.name = "example.test.", .id = {}};
  const Zone by_id_{.name = "example.test.", .id = FakeDnsMadeEasy::kZoneId};
  const std::string name_ = "_acme-challenge.example.test.";
  FakeClock clock_;
  FakeDnsMadeEasy api_{&clock_};
  std::vector<PlacedRecord> placed_;
};

TEST_F(DnsMadeEasy, AHundredNamesAreOneCallInAndOneOut) {
  std::vector<TxtRecord> records;
  for (int i = 0; i < 100; ++i) records.push_back({.fqdn = base::Cat("_acme-challenge.h", i, ".example.test."), .value = "v"});

  ASSERT_TRUE(Place(by_id_, records));
  ASSERT_TRUE(Make()->Remove(clock_.Call(), by_id_, placed_));

  EXPECT_EQ(api_.requests().size(), 2u);
  EXPECT_TRUE(api_.Values("_acme-challenge.h99.example.test.").empty());
}

TEST_F(DnsMadeEasy, TheApexAndTheZonesNameWork) {
  const auto result = Place(by_name_, {{.fqdn = "example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.Values("example.test."), std::vector<std::string>{"a"});
  EXPECT_EQ(placed_.front().zone_id, FakeDnsMadeEasy::kZoneId);
}

TEST_F(DnsMadeEasy, ABatchWithAValueThatIsThereIsPlacedAroundIt) {
  api_.Add(name_, "there");

  const auto result = Place(by_id_, {{.fqdn = name_, .value = "a"}, {.fqdn = name_, .value = "there"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.Values(name_), (std::vector<std::string>{"a", "there"}));
  EXPECT_EQ(placed_.size(), 2u);
}

TEST_F(DnsMadeEasy, ARecordOnALaterPageOfALooseListIsFound) {
  api_.SetPageSize(1);
  api_.Add("_acme-challenge-other.example.test.", "ours");
  api_.Add(name_, "foreign");
  ASSERT_TRUE(Place(by_id_, {{.fqdn = name_, .value = "ours"}}));
  placed_.front().record_id.clear();

  const auto removed = Make()->Remove(clock_.Call(), by_id_, placed_);

  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_EQ(api_.Values(name_), std::vector<std::string>{"foreign"});
  EXPECT_EQ(api_.Values("_acme-challenge-other.example.test."), std::vector<std::string>{"ours"});
}

TEST_F(DnsMadeEasy, RemovingNothingEmptiesNoZone) {
  api_.Add(name_, "foreign");
  const std::vector<PlacedRecord> gone{{.zone_id = {}, .record_id = {}, .record = {.fqdn = name_, .value = "gone"}}};

  EXPECT_TRUE(Make()->Remove(clock_.Call(), by_id_, gone));
  EXPECT_TRUE(Make()->Remove(clock_.Call(), by_id_, {}));

  EXPECT_EQ(api_.Values(name_), std::vector<std::string>{"foreign"});
}

TEST_F(DnsMadeEasy, AnAttemptAfterAPauseIsDatedAnew) {
  const base::http::Response throttled =
      JsonAnswer(400, {{"error", {"Rate limit exceeded"}}}, {{"x-dnsme-requestsRemaining", "0"}});
  api_.FailNext({throttled, throttled, throttled});

  const auto result = Place(by_id_, {{.fqdn = name_, .value = "a"}});

  EXPECT_TRUE(result) << result.error().message;
}

TEST_F(DnsMadeEasy, TheLastAllowedRequestIsNoRateLimit) {
  api_.Add(name_, "a");
  api_.FailNext({JsonAnswer(400, {{"error", {"Record with this type (TXT), name, and value already exists."}}},
                            {{"x-dnsme-requestsRemaining", "0"}})});

  const auto result = Place(by_id_, {{.fqdn = name_, .value = "a"}});

  EXPECT_TRUE(result) << result.error().message;
  EXPECT_TRUE(clock_.pauses().empty());
}

TEST_F(DnsMadeEasy, ANumberOfNoZoneNamesTheZone) {
  const auto result = Place({.name = "example.test.", .id = "1"}, {{.fqdn = name_, .value = "a"}});
  const auto no_number = Place({.name = "example.test.", .id = "zone"}, {{.fqdn = name_, .value = "a"}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("example.test. with the number 1"), std::string::npos) << result.error().message;
  ASSERT_FALSE(no_number);
  EXPECT_EQ(no_number.error().kind, ErrorKind::kInvalid);
}

class FakeDnsMadeEasyJudged : public WithLexicon {};

TEST_F(FakeDnsMadeEasyJudged, AForeignClientSeesOurValueAndLeavesIt) {
  DnsMadeEasyBench bench;
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider(bench.good().kind)->make(bench.good(), {.http = bench.http()});
  std::vector<PlacedRecord> placed;
  const std::vector<TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "ours"}};
  ASSERT_TRUE(provider->Place(clock.Call(), bench.zone(), records, placed));

  const auto seen = RunLexicon(bench.api(), "dnsmadeeasy", "/V2.0",
                               {{"auth_username", FakeDnsMadeEasy::kApiKey}, {"auth_token", FakeDnsMadeEasy::kSecretKey}});

  EXPECT_EQ(seen, (std::vector<std::string>{"one", "ours", "two"}));
  EXPECT_EQ(bench.Values("_acme-challenge.example.test."), (std::vector<std::string>{"ours", "two"}));
}

}  // namespace
}  // namespace tests::dns_made_easy_dns
