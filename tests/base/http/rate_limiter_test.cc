// SPDX-License-Identifier: MPL-2.0
#include "base/http/rate_limiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/support/fake_clock.h"

namespace base::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using tests::FakeClock;

constexpr Rate kFiveASecond{5, seconds(1)};

// How long after the start each of so many requests was let through.
std::vector<milliseconds> Waits(RateLimiter& limiter, FakeClock& clock, int count) {
  const SteadyTime start = clock.SteadyNow();
  std::vector<milliseconds> waits;
  for (int i = 0; i < count; ++i) {
    EXPECT_TRUE(limiter.Acquire(clock.Call()));
    waits.push_back(std::chrono::duration_cast<milliseconds>(clock.SteadyNow() - start));
  }
  return waits;
}

std::vector<milliseconds> Milliseconds(std::vector<int> numbers) {
  std::vector<milliseconds> all;
  for (const int one : numbers) all.emplace_back(one);
  return all;
}

TEST(RateLimiter, LetsAFullRowThroughAndThenKeepsThePace) {
  FakeClock clock;
  RateLimiter limiter(kFiveASecond);

  EXPECT_EQ(Waits(limiter, clock, 8), Milliseconds({0, 0, 0, 0, 0, 200, 400, 600}));
}

TEST(RateLimiter, GivesBackWhatWasNotUsed) {
  FakeClock clock;
  RateLimiter limiter(kFiveASecond);
  (void)Waits(limiter, clock, 5);

  clock.Advance(seconds(10));

  EXPECT_EQ(Waits(limiter, clock, 6), Milliseconds({0, 0, 0, 0, 0, 200}));
}

TEST(RateLimiter, WithoutARateOnlyTheServersWordCounts) {
  FakeClock clock;
  RateLimiter limiter(Rate{});
  EXPECT_EQ(Waits(limiter, clock, 3), Milliseconds({0, 0, 0}));

  limiter.HoldUntil(clock.SteadyNow() + seconds(7));
  limiter.HoldUntil(clock.SteadyNow() + seconds(3));

  EXPECT_EQ(Waits(limiter, clock, 2), Milliseconds({7000, 7000}));
}

TEST(RateLimiter, ADateThatIsSetNeitherEndsNorProlongsTheWait) {
  for (const seconds jump : {seconds(3600), seconds(-3600)}) {
    FakeClock clock;
    RateLimiter limiter(kFiveASecond);
    (void)Waits(limiter, clock, 5);

    clock.SetDateForward(jump);

    EXPECT_EQ(Waits(limiter, clock, 2), Milliseconds({200, 400})) << jump.count();
  }
}

TEST(RateLimiter, SaysUntilWhenAtOnceWhenThatIsTooLate) {
  FakeClock clock;
  RateLimiter limiter(kFiveASecond);
  const TimePoint free_again = clock.Now() + seconds(100);
  limiter.HoldUntil(clock.SteadyNow() + seconds(100));

  const auto let = limiter.Acquire(clock.Call(seconds(10)));

  ASSERT_FALSE(let);
  EXPECT_EQ(let.error().kind, ErrorKind::kRateLimited);
  EXPECT_EQ(let.error().retry_after, free_again);
  EXPECT_TRUE(clock.pauses().empty());
}

TEST(RateLimiter, HearsTheStopRequest) {
  FakeClock clock;
  RateLimiter limiter(kFiveASecond);
  std::stop_source stop;
  Call call = clock.Call();
  call.stop = stop.get_token();
  limiter.HoldUntil(clock.SteadyNow() + seconds(5));
  stop.request_stop();

  const auto let = limiter.Acquire(call);

  ASSERT_FALSE(let);
  EXPECT_EQ(let.error().kind, ErrorKind::kCancelled);
}

TEST(RateLimiter, CountsTheRequestsOfAllThreads) {
  FakeClock clock;
  RateLimiter limiter(kFiveASecond);
  const SteadyTime start = clock.SteadyNow();
  std::atomic<int> through = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 25; ++n) through += limiter.Acquire(clock.Call()).ok() ? 1 : 0;
      });
    }
  }

  EXPECT_EQ(through, 100);
  EXPECT_GE(clock.SteadyNow() - start, seconds(19));
}

}  // namespace
}  // namespace base::http
