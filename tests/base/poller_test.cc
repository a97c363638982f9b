// SPDX-License-Identifier: MPL-2.0
#include "base/poller.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"

namespace base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<milliseconds, 3> kPauses = {seconds(1), seconds(2), seconds(4)};

class PollerTest : public testing::Test {
 protected:
  tests::FakeClock clock_;
  std::shared_ptr<tests::LogCapture> log_ = std::make_shared<tests::LogCapture>();
  Call call_{.clock = &clock_, .deadline = Deadline::In(clock_, seconds(60)), .stop = {}, .log = Log(log_)};
};

TEST(PauseAfter, RepeatsTheLastPause) {
  EXPECT_EQ(PauseAfter(0, kPauses), seconds(1));
  EXPECT_EQ(PauseAfter(2, kPauses), seconds(4));
  EXPECT_EQ(PauseAfter(1000, kPauses), seconds(4));
}

TEST_F(PollerTest, PausesLongerEachTime) {
  Poller poller(call_, "waiting", kPauses);

  for (int i = 0; i < 4; ++i) EXPECT_TRUE(poller.Pause());

  EXPECT_EQ(clock_.pauses(), (std::vector<milliseconds>{seconds(1), seconds(2), seconds(4), seconds(4)}));
  EXPECT_EQ(poller.pauses(), 4U);
  EXPECT_EQ(poller.TimeSpent(), seconds(11));
}

TEST_F(PollerTest, ARequestedPauseTakesThePlaceOfTheNext) {
  Poller poller(call_, "waiting", kPauses);

  EXPECT_TRUE(poller.Pause(seconds(7)));
  EXPECT_TRUE(poller.Pause());

  EXPECT_EQ(clock_.pauses(), (std::vector<milliseconds>{seconds(7), seconds(2)}));
}

TEST_F(PollerTest, SaysNothingOfAShortWait) {
  Poller poller(call_, "waiting", kPauses);

  for (int i = 0; i < 3; ++i) EXPECT_TRUE(poller.Pause());

  EXPECT_EQ(log_->text(), "");
}

TEST_F(PollerTest, SaysEveryTenSecondsThatTheWaitGoesOn) {
  Poller poller(call_, "waiting for the server", kPauses);

  for (int i = 0; i < 6; ++i) EXPECT_TRUE(poller.Pause());  // after 1, 3, 7, 11, 15 and 19 s

  EXPECT_EQ(log_->text(),
            "waiting for the server took=7000ms wait=4000ms\n"
            "waiting for the server took=15000ms wait=4000ms\n");
}

TEST_F(PollerTest, SaysBeforehandThatAPauseIsLong) {
  Poller poller(call_, "waiting for the server", kPauses);

  EXPECT_TRUE(poller.Pause(seconds(30)));

  EXPECT_EQ(log_->text(), "waiting for the server took=0ms wait=30000ms\n");
}

TEST_F(PollerTest, EndsAtTheDeadline) {
  Poller poller(call_, "waiting", kPauses);

  const auto waited = poller.Pause(seconds(61));

  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(poller.TimeSpent(), seconds(60));
}

TEST_F(PollerTest, EndsWithAStopRequest) {
  std::stop_source stop;
  call_.stop = stop.get_token();
  Poller poller(call_, "waiting", kPauses);
  stop.request_stop();

  const auto waited = poller.Pause();

  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().kind, ErrorKind::kCancelled);
}

}  // namespace
}  // namespace base
