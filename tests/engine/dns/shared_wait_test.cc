// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/shared_wait.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace engine::dns {
namespace {

using base::ErrorKind;
using base::Result;

base::Call RealCall(std::stop_token stop = {}) {
  return {.clock = &base::RealClock(),
          .deadline = base::RealClock().Now() + std::chrono::seconds(30),
          .stop = std::move(stop),
          .log = {}};
}

// What each of several gets when they run at once, `ask` of the first one being held up until it is let go.
class SharedWaitTest : public testing::Test {
 protected:
  // Starts one that asks and answers so; returns once it has begun.
  void StartAsking(Result<void> answer) {
    std::latch begun(1);
    threads_.emplace_back([&, answer] {
      first_ = wait_.Run(RealCall(), "key", [&] {
        ++asked_;
        begun.count_down();
        go_on_.wait();
        return answer;
      });
    });
    begun.wait();
  }

  SharedWait wait_;
  std::atomic<int> asked_ = 0;
  std::latch go_on_{1};
  Result<void> first_;
  std::vector<std::jthread> threads_;
};

TEST_F(SharedWaitTest, WhoComesLaterGetsTheAnswerOfTheFirst) {
  StartAsking(base::Error{ErrorKind::kDenied, "no"});
  Result<void> second;
  threads_.emplace_back([&] {
    second = wait_.Run(RealCall(), "key", [&]() -> Result<void> {
      ++asked_;
      return {};
    });
  });

  go_on_.count_down();
  threads_.clear();

  EXPECT_FALSE(first_);
  // The second one may have come after the first was done.
  EXPECT_TRUE(asked_ == 2 || (!second && second.error().kind == ErrorKind::kDenied));
}

TEST_F(SharedWaitTest, OtherKeysAndLaterOnesAskThemselves) {
  StartAsking({});

  EXPECT_TRUE(wait_.Run(RealCall(), "other", [&]() -> Result<void> {
    ++asked_;
    return {};
  }));
  go_on_.count_down();
  threads_.clear();
  EXPECT_TRUE(wait_.Run(RealCall(), "key", [&]() -> Result<void> {
    ++asked_;
    return {};
  }));

  EXPECT_EQ(asked_, 3);
}

TEST_F(SharedWaitTest, AnotherOneTakesOverWhenTheFirstIsToldToStop) {
  StartAsking(base::Error{ErrorKind::kCancelled, "the run was interrupted"});
  Result<void> second = base::Error{};
  threads_.emplace_back([&] {
    second = wait_.Run(RealCall(), "key", [&]() -> Result<void> {
      ++asked_;
      return {};
    });
  });

  go_on_.count_down();
  threads_.clear();

  EXPECT_TRUE(second);
  EXPECT_EQ(asked_, 2);
}

TEST_F(SharedWaitTest, WhoWaitsHearsItsOwnStopRequest) {
  StartAsking({});
  std::stop_source stop;
  stop.request_stop();

  const auto second = wait_.Run(RealCall(stop.get_token()), "key", []() -> Result<void> { return {}; });

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kCancelled);
  go_on_.count_down();
}

}  // namespace
}  // namespace engine::dns
