// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/shared_records.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/fake_dns_server.h"

namespace engine::dns {
namespace {

using base::ErrorKind;
using tests::RealCall;

const RecordKey kKey{.connection = "c", .zone = "z.", .fqdn = "n.z.", .value = "v"};

PlacedRecord Placed() { return {.zone_id = {}, .record_id = "id-1", .record = {.fqdn = "n.z.", .value = "v"}}; }

TEST(SharedRecords, TheFirstPlacesAndTheLastRemoves) {
  SharedRecords records;
  EXPECT_EQ(*records.Acquire(RealCall(), kKey), SharedRecords::State::kToBePlaced);
  records.SetPlaced(kKey, Placed());
  EXPECT_EQ(*records.Acquire(RealCall(), kKey), SharedRecords::State::kPlaced);

  EXPECT_FALSE(records.Release(kKey));
  const auto last = records.Release(kKey);

  ASSERT_TRUE(last);
  EXPECT_EQ(last->record_id, "id-1");
}

TEST(SharedRecords, WhatNobodyPlacedIsNotToBeRemoved) {
  SharedRecords records;
  ASSERT_TRUE(records.Acquire(RealCall(), kKey));

  EXPECT_FALSE(records.Release(kKey));
  EXPECT_EQ(*records.Acquire(RealCall(), kKey), SharedRecords::State::kToBePlaced);
}

TEST(SharedRecords, OneThatIsBeingRemovedIsWaitedFor) {
  SharedRecords records;
  ASSERT_TRUE(records.Acquire(RealCall(), kKey));
  records.SetPlaced(kKey, Placed());
  ASSERT_TRUE(records.Release(kKey));

  std::jthread remover([&] { records.SetRemoved(kKey); });
  const auto state = records.Acquire(RealCall(), kKey);

  ASSERT_TRUE(state);
  EXPECT_EQ(*state, SharedRecords::State::kToBePlaced);
}

TEST(SharedRecords, TheWaitEndsWithTheCall) {
  SharedRecords records;
  ASSERT_TRUE(records.Acquire(RealCall(), kKey));
  records.SetPlaced(kKey, Placed());
  ASSERT_TRUE(records.Release(kKey));
  std::stop_source stop;
  stop.request_stop();

  const auto cancelled = records.Acquire(RealCall(std::chrono::seconds(5), stop.get_token()), kKey);
  const auto late = records.Acquire(RealCall(std::chrono::milliseconds(10)), kKey);

  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().kind, ErrorKind::kCancelled);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kTimeout);
}

TEST(SharedRecords, OneThatCouldNotBeRemovedIsHeldAgain) {
  SharedRecords records;
  ASSERT_TRUE(records.Acquire(RealCall(), kKey));
  records.SetPlaced(kKey, Placed());
  ASSERT_TRUE(records.Release(kKey));

  records.SetKept(kKey);

  EXPECT_EQ(*records.Acquire(RealCall(), kKey), SharedRecords::State::kPlaced);
  EXPECT_FALSE(records.Release(kKey));
  EXPECT_TRUE(records.Release(kKey));
}

TEST(SharedRecords, AnotherServerIsAnotherRecord) {
  SharedRecords records;
  ASSERT_TRUE(records.Acquire(RealCall(), kKey));
  records.SetPlaced(kKey, Placed());
  RecordKey other = kKey;
  other.connection = "d";

  EXPECT_EQ(*records.Acquire(RealCall(), other), SharedRecords::State::kToBePlaced);
}

}  // namespace
}  // namespace engine::dns
