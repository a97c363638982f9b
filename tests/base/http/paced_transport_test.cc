// SPDX-License-Identifier: MPL-2.0
#include "base/http/paced_transport.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"

namespace base::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using tests::FakeClock;
using tests::FakeTransport;

std::optional<seconds> FindPause(const Response& response, TimePoint) {
  return response.body == "slow down" ? std::optional(seconds(30)) : std::nullopt;
}

class Paced : public testing::Test {
 protected:
  // What two requests in a row meet.
  Result<Response> SendTwo(Response first) {
    FakeTransport inner({std::move(first), Response{.status = 200}});
    PacedTransport paced(inner, limiter_, FindPause);
    auto answer = paced.Send(clock_.Call(), {});
    EXPECT_TRUE(paced.Send(clock_.Call(), {}));
    return answer;
  }

  FakeClock clock_;
  RateLimiter limiter_{Rate{}};
};

TEST_F(Paced, SaysTooFastInTheStandardsWords) {
  const auto answer = SendTwo({.status = 400, .body = "slow down"});

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 429);
  EXPECT_EQ(answer->Find("retry-after"), "30");
  EXPECT_EQ(clock_.pauses(), std::vector<milliseconds>{seconds(30)});
}

TEST_F(Paced, RetryAfterHoldsBackTheOthersToo) {
  const auto answer = SendTwo({.status = 503, .headers = {{"Retry-After", "20"}}});

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(clock_.pauses(), std::vector<milliseconds>{seconds(20)});
}

TEST_F(Paced, ASuccessThatUsedUpTheLimitStaysOneAndHoldsBackTheNext) {
  const auto answer = SendTwo({.status = 200, .body = "slow down"});

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->Find("retry-after"), std::nullopt);
  EXPECT_EQ(clock_.pauses(), std::vector<milliseconds>{seconds(30)});
}

TEST_F(Paced, OtherAnswersHoldNothingBack) {
  ASSERT_TRUE(SendTwo({.status = 404}));

  EXPECT_TRUE(clock_.pauses().empty());
}

}  // namespace
}  // namespace base::http
