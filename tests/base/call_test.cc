// SPDX-License-Identifier: MPL-2.0
#include "base/call.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace base {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// While a caller sleeps, somebody sets the date.
class DateSetWhileAsleep final : public Clock {
 public:
  explicit DateSetWhileAsleep(milliseconds jump) : jump_(jump) {}
  TimePoint Now() const override { return clock_.Now(); }
  SteadyTime SteadyNow() const override { return clock_.SteadyNow(); }
  bool SleepUntil(SteadyTime when, const std::stop_token& stop) override {
    clock_.SetDateForward(jump_);
    return clock_.SleepUntil(when, stop);
  }

 private:
  tests::FakeClock clock_;
  milliseconds jump_;
};

TEST(CallTimeLeft, IsTheTimeUntilTheDeadline) {
  tests::FakeClock clock;
  const Call call = clock.Call(seconds(5));

  clock.Advance(milliseconds(1500));

  EXPECT_EQ(call.TimeLeft(), milliseconds(3500));
}

TEST(CallTimeLeft, IgnoresTheDate) {
  tests::FakeClock clock;
  const Call call = clock.Call(seconds(5));

  clock.SetDateForward(hours(1));

  EXPECT_EQ(call.TimeLeft(), seconds(5));
}

TEST(CallWithin, NeverMovesTheDeadlineBack) {
  tests::FakeClock clock;
  const Call call = clock.Call(seconds(5));

  EXPECT_EQ(call.Within(seconds(3)).TimeLeft(), seconds(3));
  EXPECT_EQ(call.Within(seconds(9)).TimeLeft(), seconds(5));
}

TEST(CallWait, LastsAsLongWhateverTheDateIsSetTo) {
  for (const hours jump : {hours(24), hours(-24)}) {
    DateSetWhileAsleep clock(jump);
    const Call call{.clock = &clock, .deadline = Deadline::In(clock, seconds(10))};
    const SteadyTime start = clock.SteadyNow();

    const auto waited = call.Wait(seconds(4));

    EXPECT_TRUE(waited) << jump.count();
    EXPECT_EQ(clock.SteadyNow() - start, seconds(4)) << jump.count();
    EXPECT_EQ(call.TimeLeft(), seconds(6)) << jump.count();
  }
}

TEST(CallWait, EndsAtTheDeadlineWhateverTheDateIsSetTo) {
  for (const hours jump : {hours(24), hours(-24)}) {
    DateSetWhileAsleep clock(jump);
    const Call call{.clock = &clock, .deadline = Deadline::In(clock, seconds(10))};
    const SteadyTime start = clock.SteadyNow();

    const auto waited = call.Wait(seconds(40));

    ASSERT_FALSE(waited) << jump.count();
    EXPECT_EQ(waited.error().kind, ErrorKind::kTimeout) << jump.count();
    EXPECT_EQ(clock.SteadyNow() - start, seconds(10)) << jump.count();
  }
}

}  // namespace
}  // namespace base
