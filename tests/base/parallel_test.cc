// SPDX-License-Identifier: MPL-2.0
#include "base/parallel.h"

#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>

namespace base {
namespace {

TEST(ForEachInParallel, CallsEachIndexOnce) {
  std::vector<std::atomic<int>> calls(100);

  ForEachInParallel(calls.size(), 8, [&](std::size_t i) { ++calls[i]; });

  EXPECT_TRUE(std::all_of(calls.begin(), calls.end(), [](const auto& count) { return count == 1; }));
}

TEST(ForEachInParallel, RunsAsManyAsAllowedAndNoMore) {
  std::latch all_running(3);
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;

  ForEachInParallel(9, 3, [&](std::size_t i) {
    const int now = ++running;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    if (i < 3) all_running.arrive_and_wait();
    --running;
  });

  EXPECT_EQ(most, 3);
}

TEST(ForEachInParallel, AnExceptionReachesTheCallerAndStopsTheRest) {
  std::atomic<int> calls = 0;
  const auto fail = [&](std::size_t) {
    ++calls;
    throw std::runtime_error("broken");
  };

  EXPECT_THROW(ForEachInParallel(100, 4, fail), std::runtime_error);
  EXPECT_LE(calls, 4);
}

TEST(ForEachInParallel, DoesNothingWithoutWork) {
  ForEachInParallel(0, 4, [](std::size_t) { FAIL(); });
}

TEST(TryForEachInParallel, ReturnsTheFailureWithTheLowestIndex) {
  std::atomic<int> calls = 0;

  const auto result = TryForEachInParallel(10, 4, [&](std::size_t i) -> Result<void> {
    ++calls;
    if (i < 3) return {};
    return Error{ErrorKind::kNotFound, std::to_string(i)};
  });

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "3");
  EXPECT_EQ(calls, 10) << "one missing object says nothing about the others";
}

TEST(TryForEachInParallel, StartsNoneAfterAnErrorThatWouldRepeat) {
  for (const ErrorKind kind : {ErrorKind::kDenied, ErrorKind::kRateLimited, ErrorKind::kTimeout, ErrorKind::kCancelled}) {
    int calls = 0;

    const auto result = TryForEachInParallel(10, 1, [&](std::size_t) -> Result<void> {
      ++calls;
      return Error{kind, "refused"};
    });

    EXPECT_FALSE(result);
    EXPECT_EQ(calls, 1) << static_cast<int>(kind);
  }
}

}  // namespace
}  // namespace base
