// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/call_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace {

TEST(CallThreads, RunsTasksAndWaitsForThemAtTheEnd) {
  std::atomic<int> ended = 0;
  {
    provider::rpc::CallThreads threads;
    std::latch all(8);
    for (int task = 0; task < 8; ++task) {
      EXPECT_TRUE(threads.Run([&] {
        all.arrive_and_wait();
        ++ended;
      }));
    }
    all.wait();
    // More than there are threads, one after the other: some run in those that have ended their first.
    for (int task = 0; task < 100; ++task) EXPECT_TRUE(threads.Run([&] { ++ended; }));
  }
  EXPECT_EQ(ended, 108);
}

}  // namespace
