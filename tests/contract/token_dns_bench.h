// SPDX-License-Identifier: MPL-2.0
// The bench of dns_api_contract.h for a vendor with an API token and a FakeZoneApi.
#pragma once

#include <string>

#include "tests/contract/dns_api_contract.h"
#include "tests/support/fake_zone_api.h"

namespace tests {

// `zone_id`: of example.test. at the vendor; empty where zones have no ids. `others`: the other fields of the connection.
template <typename Fake>
class TokenDnsBench : public DnsApiBench<Fake> {
 public:
  explicit TokenDnsBench(std::string kind, std::string zone_id = {}, SettingEntries others = {})
      : DnsApiBench<Fake>(std::move(zone_id)), kind_(std::move(kind)), others_(std::move(others)) {}

  engine::connections::Connection With(const char* token, const char* url = Fake::kUrl) const {
    engine::connections::Connection connection{
        .kind = kind_, .id = "c", .settings = ConnectionSettings(kind_, {{"endpoint_url", url}})};
    Put(connection.settings, "api_token", base::Secret(token));
    Put(connection.settings, others_);
    return connection;
  }
  engine::connections::Connection good() const { return With(Fake::kToken); }
  engine::connections::Connection denied() const { return With("wrong-token-canary"); }
  engine::connections::Connection silent() const { return With(Fake::kToken, FakeApi::kSilentUrl); }
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return JsonAnswer(429, base::Json::object(), {{"Retry-After", std::to_string(wait.count())}});
  }

 private:
  std::string kind_;
  SettingEntries others_;
};

// Places records in the bench's fake, with the time of a FakeClock.
template <typename Bench>
class TokenDnsTest : public testing::Test {
 protected:
  base::Result<void> Place(const engine::dns::Zone& zone, const std::vector<engine::dns::TxtRecord>& records,
                           const char* token = FakeZoneApi::kToken) {
    const engine::connections::Connection connection = bench_.With(token);
    const auto provider = engine::vendors::FindDnsProvider(connection.kind)
                              ->make(connection, {.http = bench_.http(), .random = &base::SystemRandom()});
    return (*provider)->Place(clock_.Call(), zone, records, placed_);
  }

  // One value at each of so many names.
  static std::vector<engine::dns::TxtRecord> Names(int count) {
    std::vector<engine::dns::TxtRecord> records;
    for (int i = 0; i < count; ++i) {
      records.push_back({.fqdn = base::Cat("_acme-challenge.host-", i, ".example.test."), .value = base::Cat("value-", i)});
    }
    return records;
  }

  // Requests for the names of one order in a zone that is given by name.
  std::size_t CountRequests(int names) {
    const std::size_t before = bench_.api().requests().size();
    const auto result = Place(by_name_, Names(names));
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return bench_.api().requests().size() - before;
  }

  const engine::dns::Zone by_name_{.name = "example.test.", .id = {}};
  const std::string name_ = "_acme-challenge.example.test.";
  Bench bench_;
  FakeClock clock_;
  std::vector<engine::dns::PlacedRecord> placed_;
};

}  // namespace tests
