// SPDX-License-Identifier: MPL-2.0
#include "base/call.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace base {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(CallTimeLeft, IsTheTimeUntilTheDeadline) {
  tests::FakeClock clock;
  const Call call = clock.Call(seconds(5));

  clock.Advance(milliseconds(1500));

  EXPECT_EQ(call.TimeLeft(), milliseconds(3500));
}

TEST(CallTimeLeft, IsNeverNegative) {
  tests::FakeClock clock;
  Call call = clock.Call(seconds(5));

  clock.Advance(seconds(6));

  EXPECT_EQ(call.TimeLeft(), seconds(0));
  call.deadline = TimePoint::min();
  EXPECT_EQ(call.TimeLeft(), seconds(0));
}

TEST(CallTimeLeft, CanBeAddedToAnyClockWhateverTheDeadline) {
  tests::FakeClock clock;
  Call call = clock.Call();

  call.deadline = TimePoint::max();

  EXPECT_EQ(call.TimeLeft(), hours(24));
}

TEST(CallWithin, NeverMovesTheDeadlineBack) {
  tests::FakeClock clock;
  const Call call = clock.Call(seconds(5));

  EXPECT_EQ(call.Within(seconds(3)).TimeLeft(), seconds(3));
  EXPECT_EQ(call.Within(seconds(9)).TimeLeft(), seconds(5));
}

}  // namespace
}  // namespace base
