// SPDX-License-Identifier: MPL-2.0
#include "base/single_flight.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

namespace base {
namespace {

// A caller that waits asks for the time before it blocks, under the lock of the flights: from then on it gets the answer.
class WaiterClock final : public Clock {
 public:
  TimePoint Now() const override { return RealClock().Now(); }
  SteadyTime SteadyNow() const override {
    ++asked_;
    return RealClock().SteadyNow();
  }
  bool SleepUntil(SteadyTime when, const std::stop_token& stop) override { return RealClock().SleepUntil(when, stop); }

  void AwaitWaiter() const {
    while (asked_ == 0) std::this_thread::yield();
  }

 private:
  mutable std::atomic<int> asked_ = 0;
};

Call RealCall(std::stop_token stop = {}) {
  return {
      .clock = &RealClock(), .deadline = Deadline::In(RealClock(), std::chrono::seconds(30)), .stop = std::move(stop), .log = {}};
}

// One fetch that is held up until Land, and others that come meanwhile. Each fetch but the first returns its number.
class SingleFlightTest : public testing::Test {
 protected:
  ~SingleFlightTest() override { threads_.clear(); }

  // Returns once the fetch has begun.
  void TakeOff(Result<int> answer) {
    threads_.emplace_back([this, answer] {
      first_ = flights_.Run(RealCall(), "key", [&] {
        ++fetches_;
        begun_.count_down();
        landing_.wait();
        return answer;
      });
    });
    begun_.wait();
  }
  // Returns once the caller waits for the flight under way.
  void Join(Result<int>& answer, std::stop_token stop = {}) {
    WaiterClock& clock = clocks_.emplace_back();
    threads_.emplace_back([this, &answer, &clock, stop] {
      Call call = RealCall(stop);
      call.clock = &clock;
      answer = flights_.Run(call, "key", [&]() -> Result<int> { return ++fetches_; });
    });
    clock.AwaitWaiter();
  }
  void Land() {
    landing_.count_down();
    threads_.clear();
  }

  SingleFlight<int> flights_;
  std::atomic<int> fetches_ = 0;
  std::latch begun_{1};
  std::latch landing_{1};
  Result<int> first_ = 0;
  std::deque<WaiterClock> clocks_;
  std::vector<std::jthread> threads_;
};

TEST_F(SingleFlightTest, CallersThatComeMeanwhileShareTheAnswer) {
  std::vector<Result<int>> others(8, 0);
  TakeOff(41);
  for (auto& other : others) Join(other);

  Land();

  EXPECT_EQ(*first_, 41);
  for (const auto& other : others) EXPECT_EQ(*other, 41);
  EXPECT_EQ(fetches_, 1);
}

TEST_F(SingleFlightTest, CallersThatComeMeanwhileShareTheFailure) {
  Result<int> second = 0;
  TakeOff(Error{ErrorKind::kDenied, "no"});
  Join(second);

  Land();

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(fetches_, 1);
}

TEST_F(SingleFlightTest, OtherKeysAndLaterCallersFetchForThemselves) {
  TakeOff(Error{ErrorKind::kDenied, "no"});

  EXPECT_EQ(*flights_.Run(RealCall(), "other", [&]() -> Result<int> { return ++fetches_; }), 2);
  Land();

  EXPECT_EQ(*flights_.Run(RealCall(), "key", [&]() -> Result<int> { return ++fetches_; }), 3) << "a failure is not remembered";
}

TEST_F(SingleFlightTest, AnotherCallerTakesOverWhenTheFirstIsCancelled) {
  Result<int> second = 0;
  TakeOff(Error{ErrorKind::kCancelled, "the run was interrupted"});
  Join(second);

  Land();

  EXPECT_FALSE(first_);
  EXPECT_EQ(*second, 2);
}

TEST_F(SingleFlightTest, ACancelledWaiterLeavesTheOthersAlone) {
  std::stop_source stop;
  Result<int> second = 0;
  Result<int> third = 0;
  TakeOff(41);
  Join(second, stop.get_token());
  Join(third);

  stop.request_stop();
  threads_.erase(threads_.begin() + 1);  // joins the second, while the first is still held up
  Land();

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(*first_, 41);
  EXPECT_EQ(*third, 41);
  EXPECT_EQ(fetches_, 1);
}

TEST_F(SingleFlightTest, AWaiterKeepsItsOwnDeadline) {
  TakeOff(41);
  Call call = RealCall();
  call.deadline = Deadline::In(RealClock(), std::chrono::milliseconds(5));

  const auto second = flights_.Run(call, "key", []() -> Result<int> { return 0; });

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kTimeout);
  Land();
}

TEST(SingleFlight, AnExceptionEndsTheFlight) {
  SingleFlight<int> flights;
  const auto fail = []() -> Result<int> { throw std::runtime_error("broken"); };

  EXPECT_THROW((void)flights.Run(RealCall(), "key", fail), std::runtime_error);
  EXPECT_EQ(*flights.Run(RealCall(), "key", []() -> Result<int> { return 1; }), 1);
}

}  // namespace
}  // namespace base
