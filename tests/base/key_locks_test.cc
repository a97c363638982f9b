// SPDX-License-Identifier: MPL-2.0
#include "base/key_locks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "tests/support/fake_clock.h"

namespace base {
namespace {

using tests::FakeClock;

TEST(KeyLocks, LetOneAtATimeThroughPerKey) {
  FakeClock clock;
  KeyLocks locks;
  int inside = 0;  // guarded by the key
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        const auto turn = locks.Acquire(clock.Call(), "zone");
        ASSERT_TRUE(turn);
        ++inside;
        std::this_thread::yield();
        EXPECT_EQ(inside, 1);
        --inside;
      });
    }
  }
}

TEST(KeyLocks, DoNotMakeOneKeyWaitForAnother) {
  FakeClock clock;
  KeyLocks locks;
  const auto first = locks.Acquire(clock.Call(), "a");

  EXPECT_TRUE(locks.Acquire(clock.Call(), "b"));
}

// A mutex cannot do this: the provider would hang until the other request has ended.
TEST(KeyLocks, AStopRequestEndsTheWait) {
  FakeClock clock;
  KeyLocks locks;
  auto turn = std::optional(locks.Acquire(clock.Call(), "zone"));
  std::stop_source stop;
  Call call = clock.Call();
  call.stop = stop.get_token();
  std::optional<Error> failure;

  std::jthread waiter([&] {
    const auto second = locks.Acquire(call, "zone");
    if (!second) failure = second.error();
  });
  stop.request_stop();
  waiter.join();

  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, ErrorKind::kCancelled);
  turn.reset();
  EXPECT_TRUE(locks.Acquire(clock.Call(), "zone"));
}

}  // namespace
}  // namespace base
