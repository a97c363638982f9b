// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/leftover_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/webhook/fake_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"

namespace engine::dns {
namespace {

using base::ErrorKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using tests::FakeWebhook;

constexpr const char* kFqdn = "_acme-challenge.www.example.test.";

class LeftoverRecords : public testing::Test {
 protected:
  LeftoverRecords() {
    connections::Connection connection{
        .kind = "webhook", .id = "dns", .settings = tests::ConnectionSettings("webhook", {{"endpoint_url", FakeWebhook::kUrl}})};
    tests::Put(connection.settings, "username", FakeWebhook::kUsername);
    tests::Put(connection.settings, "password", base::Secret(FakeWebhook::kPassword));
    connections_.push_back({.connection = std::move(connection), .zone = "example.test"});
  }

  static LeftoverRecord Left(const std::string& value, const std::string& connection = "dns") {
    return {.key = {.connection = connection, .zone = "example.test.", .fqdn = kFqdn, .value = value}, .zone_id = {}};
  }

  base::Result<void> Remove(std::vector<LeftoverRecord>& records) {
    return RemoveLeftoverRecords(clock_.Call(), connections_, Deps(), records);
  }

  SolverDeps Deps() {
    return {.providers = {.http = &webhook_, .random = &base::SystemRandom(), .shared = shared_},
            .find_provider = vendors::FindDnsProvider};
  }

  tests::FakeClock clock_;
  FakeWebhook webhook_;
  std::vector<DnsConnection> connections_;
  std::shared_ptr<base::SharedObjects> shared_ = std::make_shared<base::SharedObjects>();
};

TEST_F(LeftoverRecords, RemovesExactlyTheValues) {
  for (const char* value : {"mine", "mine too", "another run's"}) webhook_.Add(kFqdn, value);
  std::vector records{Left("mine"), Left("mine too")};

  ASSERT_TRUE(Remove(records));

  EXPECT_THAT(webhook_.Values(kFqdn), ElementsAre("another run's"));
  EXPECT_THAT(records, IsEmpty());
}

TEST_F(LeftoverRecords, WhatIsGoneAlreadyIsSuccess) {
  std::vector records{Left("mine")};

  EXPECT_TRUE(Remove(records));
  EXPECT_TRUE(Remove(records));
}

TEST_F(LeftoverRecords, LeavesWhatAnotherOrderUses) {
  webhook_.Add(kFqdn, "shared");
  const RecordKey key = Left("shared").key;
  SharedRecords& shared_records = *shared_->Get<SharedRecords>();
  ASSERT_TRUE(shared_records.Acquire(clock_.Call(), key));
  shared_records.SetPlaced(key, {.zone_id = {}, .record_id = {}, .record = {kFqdn, "shared"}});
  std::vector records{Left("shared")};

  EXPECT_TRUE(Remove(records));

  EXPECT_THAT(webhook_.Values(kFqdn), ElementsAre("shared"));
  EXPECT_THAT(records, IsEmpty());
  ASSERT_TRUE(shared_records.Release(key));
  shared_records.SetRemoved(key);
}

TEST_F(LeftoverRecords, NamesWhatIsLeftWhereTheConnectionIsGone) {
  webhook_.Add(kFqdn, "mine");
  std::vector records{Left("mine"), Left("lost", "another")};

  const auto removed = Remove(records);

  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, ErrorKind::kNotFound);
  EXPECT_THAT(removed.error().details, ElementsAre("_acme-challenge.www.example.test. \"lost\" in zone example.test."));
  EXPECT_THAT(records, ElementsAre(Left("lost", "another")));
  EXPECT_THAT(webhook_.Values(kFqdn), IsEmpty());
}

TEST_F(LeftoverRecords, WhatTheVendorRefusesStaysAndCanBeTriedAgain) {
  tests::Put(connections_.front().connection.settings, "password", base::Secret("wrong"));
  webhook_.Add(kFqdn, "mine");
  std::vector records{Left("mine")};
  ASSERT_FALSE(Remove(records));
  ASSERT_THAT(records, SizeIs(1));
  tests::Put(connections_.front().connection.settings, "password", base::Secret(FakeWebhook::kPassword));

  EXPECT_TRUE(Remove(records));

  EXPECT_THAT(webhook_.Values(kFqdn), IsEmpty());
}

TEST_F(LeftoverRecords, StopLeavesThemAll) {
  std::stop_source stop;
  stop.request_stop();
  base::Call call = clock_.Call();
  call.stop = stop.get_token();
  std::vector records{Left("mine")};

  EXPECT_FALSE(RemoveLeftoverRecords(call, connections_, Deps(), records));

  EXPECT_THAT(records, SizeIs(1));
}

}  // namespace
}  // namespace engine::dns
