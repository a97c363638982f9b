// SPDX-License-Identifier: MPL-2.0
#include "base/deadline.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Deadline, HasPassedUnlessItIsGivenALimit) {
  const tests::FakeClock clock;

  EXPECT_EQ(Deadline().TimeLeft(clock), seconds(0));
  EXPECT_EQ(Deadline::In(clock, seconds(-1)).TimeLeft(clock), seconds(0));
}

TEST(Deadline, LeavesNoTimeOncePassed) {
  tests::FakeClock clock;
  const Deadline deadline = Deadline::In(clock, seconds(5));

  clock.Advance(seconds(6));

  EXPECT_EQ(deadline.TimeLeft(clock), seconds(0));
}

TEST(Deadline, OfAnyLimitCanBeWaitedForOnAnyClock) {
  const tests::FakeClock clock;

  const Deadline deadline = Deadline::In(clock, milliseconds::max());

  EXPECT_EQ(deadline.TimeLeft(clock), Deadline::kMaxLimit);
  EXPECT_GT(RealClock().SteadyNow() + deadline.TimeLeft(clock), RealClock().SteadyNow());
}

TEST(Deadline, IsLessWhenItIsEarlier) {
  const tests::FakeClock clock;

  EXPECT_LT(Deadline::In(clock, seconds(3)), Deadline::In(clock, seconds(5)));
  EXPECT_EQ(std::min(Deadline::In(clock, seconds(9)), Deadline::In(clock, seconds(5))), Deadline::In(clock, seconds(5)));
}

}  // namespace
}  // namespace base
