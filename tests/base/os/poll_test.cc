// SPDX-License-Identifier: MPL-2.0
#include "base/os/poll.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <thread>

#include "base/os/waker.h"

namespace base::os {
namespace {

constexpr std::chrono::milliseconds kPatience = std::chrono::minutes(1);

TEST(Poll, EndsByItsLimitWithNothingReady) {
  const Waker waker;
  std::array<Polled, 2> all{{{.number = waker.number()}, {.number = -1}}};

  Poll(all, std::chrono::milliseconds(1));

  EXPECT_FALSE(all[0].is_ready);
  EXPECT_FALSE(all[1].is_ready);
}

TEST(Poll, IsEndedByAWakerOfAnotherThreadForGood) {
  const Waker waker;
  const std::jthread other([&] { waker.Wake(); });
  Polled polled{.number = waker.number()};

  for (int round = 0; round < 2; ++round) {
    while (!polled.is_ready) Poll(std::span(&polled, 1), kPatience);
    EXPECT_TRUE(std::exchange(polled.is_ready, false));
  }
}

// A pipe that is full takes no more, and a write that waits for room would never return.
TEST(Waker, WakesAnyNumberOfTimes) {
  const Waker waker;

  for (int time = 0; time < 100'000; ++time) waker.Wake();

  Polled polled{.number = waker.number()};
  Poll(std::span(&polled, 1), kPatience);
  EXPECT_TRUE(polled.is_ready);
}

}  // namespace
}  // namespace base::os
