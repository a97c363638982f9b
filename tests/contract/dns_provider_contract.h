// SPDX-License-Identifier: MPL-2.0
// What every DNS provider must do (engine/dns/provider.h). A provider's test writes a bench and instantiates the suite:
//   class Bench {
//    public:
//     using Fixture = testing::Test;                      // or one that skips where a program is missing
//     std::string problem();                              // why the bench cannot run; empty when it can
//     engine::connections::Connection good(), denied();   // right and wrong credentials
//     engine::connections::Connection silent();           // a server that never answers
//     base::http::Transport* http();                      // null where none is used
//     void WaitUntilSilentWasAsked();
//     engine::dns::Zone zone(), unknown_zone();
//     std::string unknown_zone_name();                    // a name in unknown_zone()
//     std::vector<std::string> Values(fqdn);              // what stands there, sorted, seen by a foreign tool
//     void AddForeign(fqdn, value);
//     static constexpr int kManyNames;                    // may be absent; fewer than hundreds, where limits are tight
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Rfc2136, DnsProviderContract, Bench);
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "engine/dns/provider.h"
#include "engine/vendors/catalog.h"
#include "tests/support/log_capture.h"
#include "tests/support/settings.h"

namespace tests {

template <typename Bench>
class DnsProviderContract : public Bench::Fixture {
 protected:
  void SetUp() override {
    Bench::Fixture::SetUp();
    if (this->IsSkipped() || this->HasFatalFailure()) return;
    bench_ = std::make_unique<Bench>();
    ASSERT_EQ(bench_->problem(), "");
    zone_ = bench_->zone();
    name_ = "_acme-challenge." + zone_.name;
  }

  base::Call Call(std::stop_token stop = {}) {
    return {.clock = &base::RealClock(),
            .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(30)),
            .stop = std::move(stop),
            .log = base::Log(log_)};
  }

  std::unique_ptr<engine::dns::Provider> Make(const engine::connections::Connection& connection) {
    const engine::connections::Deps deps{
        .http = bench_->http(), .random = &base::SystemRandom(), .allow_exec = true, .shared = shared_};
    auto made = engine::vendors::FindDnsProvider(connection.kind)->make(connection, deps);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return *std::move(made);
  }

  static engine::dns::TxtRecord Text(const std::string& fqdn, const std::string& value) { return {.fqdn = fqdn, .value = value}; }

  // Places and expects success.
  std::vector<engine::dns::PlacedRecord> Place(const std::vector<engine::dns::TxtRecord>& records) {
    std::vector<engine::dns::PlacedRecord> placed;
    const auto result = Make(bench_->good())->Place(Call(), zone_, records, placed);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    EXPECT_EQ(placed.size(), records.size());
    return placed;
  }

  void Remove(const std::vector<engine::dns::PlacedRecord>& records) {
    const auto result = Make(bench_->good())->Remove(Call(), zone_, records);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
  }

  // Nothing that the provider logged or said in an error holds a secret.
  void ExpectNoSecret(const std::string& said) {
    for (const auto& connection : {bench_->good(), bench_->denied(), bench_->silent()}) {
      for (const base::Secret& secret : SecretsIn(connection.settings)) {
        EXPECT_EQ(said.find(secret.Reveal()), std::string::npos) << said;
      }
    }
  }

  std::unique_ptr<Bench> bench_;
  engine::dns::Zone zone_;
  std::shared_ptr<base::SharedObjects> shared_ = std::make_shared<base::SharedObjects>();
  std::string name_;
  std::shared_ptr<LogCapture> log_ = std::make_shared<LogCapture>();
};

TYPED_TEST_SUITE_P(DnsProviderContract);

TYPED_TEST_P(DnsProviderContract, PlacesAValueThatForeignToolsSee) {
  this->Place({this->Text(this->name_, "value-1")});

  EXPECT_EQ(this->bench_->Values(this->name_), std::vector<std::string>{"value-1"});
}

TYPED_TEST_P(DnsProviderContract, PlacingAnEqualValueAgainSucceeds) {
  this->Place({this->Text(this->name_, "value-1")});

  this->Place({this->Text(this->name_, "value-1")});

  EXPECT_EQ(this->bench_->Values(this->name_), std::vector<std::string>{"value-1"});
}

TYPED_TEST_P(DnsProviderContract, PlacesSeveralValuesAndNamesTogether) {
  const std::string other = "_acme-challenge.www." + this->zone_.name;

  this->Place({this->Text(this->name_, "a"), this->Text(this->name_, "b"), this->Text(other, "c")});

  EXPECT_EQ(this->bench_->Values(this->name_), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(this->bench_->Values(other), std::vector<std::string>{"c"});
}

TYPED_TEST_P(DnsProviderContract, PlacesHundredsOfNames) {
  int count = 250;
  if constexpr (requires { TypeParam::kManyNames; }) count = TypeParam::kManyNames;
  std::vector<engine::dns::TxtRecord> records;
  for (int i = 0; i < count; ++i) {
    records.push_back(this->Text(base::Cat("_acme-challenge.host-", i, ".", this->zone_.name), base::Cat("value-", i)));
  }

  const auto placed = this->Place(records);

  EXPECT_EQ(this->bench_->Values(records.front().fqdn), std::vector<std::string>{"value-0"});
  EXPECT_EQ(this->bench_->Values(records.back().fqdn), std::vector<std::string>{records.back().value});
  this->Remove(placed);
  EXPECT_TRUE(this->bench_->Values(records.back().fqdn).empty());
}

TYPED_TEST_P(DnsProviderContract, KeepsForeignValues) {
  this->bench_->AddForeign(this->name_, "foreign");

  const auto placed = this->Place({this->Text(this->name_, "ours")});
  EXPECT_EQ(this->bench_->Values(this->name_), (std::vector<std::string>{"foreign", "ours"}));

  this->Remove(placed);
  EXPECT_EQ(this->bench_->Values(this->name_), std::vector<std::string>{"foreign"});
}

TYPED_TEST_P(DnsProviderContract, RemovesOneOfTwoValues) {
  auto placed = this->Place({this->Text(this->name_, "a"), this->Text(this->name_, "b")});

  this->Remove({placed.front()});

  EXPECT_EQ(this->bench_->Values(this->name_), std::vector<std::string>{placed.back().record.value});
}

TYPED_TEST_P(DnsProviderContract, RemovingTwiceSucceeds) {
  const auto placed = this->Place({this->Text(this->name_, "a")});
  this->Remove(placed);

  this->Remove(placed);

  EXPECT_TRUE(this->bench_->Values(this->name_).empty());
}

TYPED_TEST_P(DnsProviderContract, ACancelledCallPlacesNothing) {
  std::stop_source stop;
  stop.request_stop();
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector records{this->Text(this->name_, "a")};

  const auto result = this->Make(this->bench_->good())->Place(this->Call(stop.get_token()), this->zone_, records, placed);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kCancelled);
  EXPECT_TRUE(this->bench_->Values(this->name_).empty());
}

TYPED_TEST_P(DnsProviderContract, ACancelEndsAWaitForASilentServer) {
  std::stop_source stop;
  base::SteadyTime stopped_at;
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector records{this->Text(this->name_, "a")};
  const std::jthread canceller([&] {
    this->bench_->WaitUntilSilentWasAsked();
    stopped_at = base::RealClock().SteadyNow();
    stop.request_stop();
  });

  const auto result = this->Make(this->bench_->silent())->Place(this->Call(stop.get_token()), this->zone_, records, placed);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kCancelled);
  EXPECT_LT(base::RealClock().SteadyNow() - stopped_at, std::chrono::milliseconds(100));
  // It left, and may have been acted on.
  EXPECT_EQ(placed.size(), 1u);
}

TYPED_TEST_P(DnsProviderContract, WrongCredentialsAreDenied) {
  std::vector<engine::dns::PlacedRecord> placed;
  const std::vector records{this->Text(this->name_, "a")};

  const auto result = this->Make(this->bench_->denied())->Place(this->Call(), this->zone_, records, placed);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kDenied) << result.error().message;
  EXPECT_TRUE(placed.empty());
  EXPECT_TRUE(this->bench_->Values(this->name_).empty());
}

TYPED_TEST_P(DnsProviderContract, AnUnknownZoneIsAnErrorThatNamesIt) {
  std::vector<engine::dns::PlacedRecord> placed;
  const engine::dns::Zone zone = this->bench_->unknown_zone();
  const std::vector records{this->Text(this->bench_->unknown_zone_name(), "a")};

  const auto result = this->Make(this->bench_->good())->Place(this->Call(), zone, records, placed);

  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find(zone.name), std::string::npos) << result.error().message;
  EXPECT_TRUE(placed.empty());
}

TYPED_TEST_P(DnsProviderContract, AZonesIdTellsItsName) {
  const auto name = this->Make(this->bench_->good())->FindZoneName(this->Call(), this->zone_.id);

  EXPECT_EQ(name, this->zone_.id.empty() ? std::nullopt : std::optional(this->zone_.name));
}

TYPED_TEST_P(DnsProviderContract, NoSecretInLogsAndErrors) {
  std::string said;
  for (const auto& connection : {this->bench_->good(), this->bench_->denied()}) {
    std::vector<engine::dns::PlacedRecord> placed;
    const std::vector records{this->Text(this->name_, "a")};
    const auto result = this->Make(connection)->Place(this->Call(), this->zone_, records, placed);
    if (!result) said.append(base::Cat(result.error().message, base::Join(result.error().details, "\n")));
  }

  ASSERT_FALSE(said.empty());
  this->ExpectNoSecret(said + this->log_->text());
}

REGISTER_TYPED_TEST_SUITE_P(DnsProviderContract, PlacesAValueThatForeignToolsSee, PlacingAnEqualValueAgainSucceeds,
                            PlacesSeveralValuesAndNamesTogether, PlacesHundredsOfNames, KeepsForeignValues, RemovesOneOfTwoValues,
                            RemovingTwiceSucceeds, ACancelledCallPlacesNothing, ACancelEndsAWaitForASilentServer,
                            WrongCredentialsAreDenied, AnUnknownZoneIsAnErrorThatNamesIt, AZonesIdTellsItsName,
                            NoSecretInLogsAndErrors);

}  // namespace tests
