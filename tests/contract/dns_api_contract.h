// SPDX-License-Identifier: MPL-2.0
// What every DNS provider over an HTTP API must do besides dns_provider_contract.h, on a fake that can be told to fail. The same
// bench serves both suites, with these in addition:
//     FakeApi& api();
//     base::http::Response Throttled(std::chrono::seconds wait);  // "too fast", as the vendor says it
#pragma once

#include <algorithm>

#include "tests/contract/dns_provider_contract.h"
#include "tests/support/fake_api.h"
#include "tests/support/fake_clock.h"

namespace tests {

// What the benches of such vendors share; a vendor's own adds good(), denied(), silent() and Throttled().
template <typename Fake>
class DnsApiBench {
 public:
  using Fixture = testing::Test;

  // The id of example.test. at the vendor; empty where it goes by its name.
  explicit DnsApiBench(std::string zone_id = {}) : zone_id_(std::move(zone_id)) {}

  std::string problem() const { return ""; }
  FakeApi* http() { return &api_; }
  Fake& api() { return api_; }
  void WaitUntilSilentWasAsked() const { api_.WaitUntilSilentWasAsked(); }
  engine::dns::Zone zone() const { return {.name = "example.test.", .id = zone_id_}; }
  engine::dns::Zone unknown_zone() const { return {.name = "nowhere.test.", .id = {}}; }
  std::string unknown_zone_name() const { return "_acme-challenge.nowhere.test."; }
  std::vector<std::string> Values(const std::string& fqdn) const { return api_.Values(fqdn); }
  void AddForeign(const std::string& fqdn, const std::string& value) { api_.Add(fqdn, value); }

 private:
  std::string zone_id_;
  Fake api_;
};

template <typename Bench>
class DnsApiContract : public testing::Test {
 protected:
  base::Result<void> Place(const std::string& value, std::chrono::milliseconds limit = std::chrono::minutes(10)) {
    const std::vector<engine::dns::TxtRecord> records{{.fqdn = name_, .value = value}};
    return provider_->Place(clock_.Call(limit), bench_.zone(), records, placed_);
  }
  base::Result<void> Remove() { return provider_->Remove(clock_.Call(), bench_.zone(), placed_); }

  Bench bench_;
  FakeClock clock_;
  std::string name_ = "_acme-challenge." + bench_.zone().name;
  std::unique_ptr<engine::dns::Provider> provider_ =
      *engine::vendors::FindDnsProvider(bench_.good().kind)
           ->make(bench_.good(), {.http = bench_.http(), .random = &base::SystemRandom()});
  std::vector<engine::dns::PlacedRecord> placed_;
};

TYPED_TEST_SUITE_P(DnsApiContract);

TYPED_TEST_P(DnsApiContract, ARateLimitIsWaitedFor) {
  this->bench_.api().FailNext({this->bench_.Throttled(std::chrono::seconds(20))});

  const auto placed = this->Place("value");

  ASSERT_TRUE(placed) << placed.error().message;
  EXPECT_EQ(this->bench_.Values(this->name_), std::vector<std::string>{"value"});
  const auto pauses = this->clock_.pauses();
  EXPECT_TRUE(std::ranges::any_of(pauses, [](auto pause) { return pause >= std::chrono::seconds(19); })) << pauses.size();
}

TYPED_TEST_P(DnsApiContract, ARateLimitBeyondTheDeadlineSaysUntilWhen) {
  this->bench_.api().FailNext({this->bench_.Throttled(std::chrono::seconds(100))});
  const base::TimePoint start = this->clock_.Now();

  const auto placed = this->Place("value", std::chrono::seconds(10));

  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().kind, base::ErrorKind::kRateLimited) << placed.error().message;
  ASSERT_TRUE(placed.error().retry_after);
  EXPECT_GT(*placed.error().retry_after, start + std::chrono::seconds(10));
  EXPECT_TRUE(this->placed_.empty());
}

TYPED_TEST_P(DnsApiContract, AServerErrorIsTriedAgain) {
  this->bench_.api().FailNext({{.status = 503, .headers = {{"Retry-After", "1"}}, .body = "<html>"}});

  const auto placed = this->Place("value");

  ASSERT_TRUE(placed) << placed.error().message;
  EXPECT_EQ(this->bench_.Values(this->name_), std::vector<std::string>{"value"});
}

TYPED_TEST_P(DnsApiContract, ALastingServerErrorIsUnavailable) {
  this->bench_.api().FailNext({200, {.status = 500, .headers = {}, .body = "<html>"}});

  const auto placed = this->Place("value");

  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().kind, base::ErrorKind::kUnavailable) << placed.error().message;
  EXPECT_NE(placed.error().message.find("500"), std::string::npos) << placed.error().message;
  EXPECT_EQ(placed.error().message.find("html"), std::string::npos) << placed.error().message;
}

TYPED_TEST_P(DnsApiContract, AfterALostAnswerTheValueCanBeRemoved) {
  this->bench_.api().LoseNextAnswer();

  const auto placed = this->Place("value");

  ASSERT_EQ(this->placed_.size(), 1u) << (placed ? "" : placed.error().message);
  EXPECT_EQ(this->bench_.Values(this->name_), std::vector<std::string>{"value"});
  const auto removed = this->Remove();
  EXPECT_TRUE(removed) << removed.error().message;
  EXPECT_TRUE(this->bench_.Values(this->name_).empty());
}

TYPED_TEST_P(DnsApiContract, RemovesByNameAndValueWhereTheIdIsNotKnown) {
  this->bench_.AddForeign(this->name_, "foreign");
  ASSERT_TRUE(this->Place("value"));
  this->placed_.front().record_id.clear();
  this->placed_.front().zone_id.clear();

  const auto removed = this->Remove();

  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_EQ(this->bench_.Values(this->name_), std::vector<std::string>{"foreign"});
}

TYPED_TEST_P(DnsApiContract, ARemovalWithWrongCredentialsFails) {
  ASSERT_TRUE(this->Place("value"));
  const auto denied = engine::vendors::FindDnsProvider(this->bench_.denied().kind)
                          ->make(this->bench_.denied(), {.http = this->bench_.http(), .random = &base::SystemRandom()});
  ASSERT_TRUE(denied);

  const auto removed = (*denied)->Remove(this->clock_.Call(), this->bench_.zone(), this->placed_);

  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, base::ErrorKind::kDenied) << removed.error().message;
}

REGISTER_TYPED_TEST_SUITE_P(DnsApiContract, ARateLimitIsWaitedFor, ARateLimitBeyondTheDeadlineSaysUntilWhen,
                            AServerErrorIsTriedAgain, ALastingServerErrorIsUnavailable, AfterALostAnswerTheValueCanBeRemoved,
                            RemovesByNameAndValueWhereTheIdIsNotKnown, ARemovalWithWrongCredentialsFails);

}  // namespace tests
