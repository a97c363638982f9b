// SPDX-License-Identifier: MPL-2.0
#include "base/http/write_or_look.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/fake_clock.h"

namespace base::http {
namespace {

using namespace std::chrono_literals;

const Error kLost{ErrorKind::kUnavailable, "the answer was lost"};
const Error kRefused{ErrorKind::kInvalid, "refused"};
const Result<std::optional<int>> kAbsent = std::optional<int>();

class WriteOrLookTest : public testing::Test {
 protected:
  // Each write and look takes the next of the given outcomes.
  Result<int> Run(const LookPolicy& policy, const std::vector<Result<int>>& writes,
                  const std::vector<Result<std::optional<int>>>& looks, const Call& call) {
    return WriteOrLook(
        call, policy, [&] { return writes.at(writes_++); },
        [](const Error& error) { return error.kind == ErrorKind::kUnavailable; }, [&] { return looks.at(looks_++); });
  }
  Result<int> Run(const LookPolicy& policy, const std::vector<Result<int>>& writes,
                  const std::vector<Result<std::optional<int>>>& looks) {
    return Run(policy, writes, looks, clock_.Call());
  }

  tests::FakeClock clock_;
  std::size_t writes_ = 0;
  std::size_t looks_ = 0;
};

TEST_F(WriteOrLookTest, DoesNotLookAfterASuccessOrARefusal) {
  EXPECT_EQ(*Run({}, {1}, {}), 1);
  EXPECT_EQ(Run({}, {1, kRefused}, {}).error().kind, ErrorKind::kInvalid);
}

TEST_F(WriteOrLookTest, TakesWhatTheLookFindsForTheLostAnswer) {
  EXPECT_EQ(*Run({.attempts = 2}, {kLost}, {std::optional(7)}), 7);
}

TEST_F(WriteOrLookTest, WritesAgainWhatIsNotThereAsOftenAsThePolicySays) {
  const auto written = Run({.attempts = 3, .pause = 2s}, {kLost, kLost, kLost, 1}, {kAbsent, kAbsent, kAbsent});

  EXPECT_FALSE(written);
  EXPECT_EQ(writes_, 3U);
  EXPECT_EQ(clock_.pauses(), (std::vector<std::chrono::milliseconds>{2s, 4s}));
}

TEST_F(WriteOrLookTest, DoesNotWriteAgainWhatItCouldNotLookFor) {
  const auto written = Run({.attempts = 2}, {kLost, 1}, {kRefused});

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, kLost.message);
  EXPECT_EQ(writes_, 1U);
}

TEST_F(WriteOrLookTest, AStopRequestEndsItAfterTheLook) {
  std::stop_source stop;
  Call call = clock_.Call();
  call.stop = stop.get_token();
  stop.request_stop();

  const auto written = Run({.attempts = 2}, {kLost, 1}, {kAbsent}, call);

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(looks_, 1U);
}

}  // namespace
}  // namespace base::http
