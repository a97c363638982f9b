// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/token_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "tests/support/fake_clock.h"

namespace engine::connections {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using std::chrono::minutes;
using Token = Expiring<std::string>;

// Tokens "1", "2", … that live for an hour.
class TokenCacheTest : public testing::Test {
 protected:
  Result<std::string> Get(const std::string& key = {}) {
    return cache_.Get(clock_.Call(), key, [&]() -> Result<Token> {
      const int number = ++fetches_;
      if (failure_) return *failure_;
      return Token{std::to_string(number), clock_.Now() + minutes(60)};
    });
  }

  tests::FakeClock clock_;
  TokenCache<std::string> cache_;
  std::atomic<int> fetches_ = 0;
  std::optional<Error> failure_;
};

TEST_F(TokenCacheTest, KeepsATokenUntilFiveMinutesBeforeItExpires) {
  EXPECT_EQ(*Get(), "1");
  clock_.Advance(minutes(54));
  EXPECT_EQ(*Get(), "1");
  clock_.Advance(minutes(1));
  EXPECT_EQ(*Get(), "2");
}

TEST_F(TokenCacheTest, KeepsATokenThatNeverExpires) {
  const auto fetch = [&]() -> Result<Token> { return Token{std::to_string(++fetches_)}; };
  EXPECT_EQ(*cache_.Get(clock_.Call(), {}, fetch), "1");

  clock_.Advance(std::chrono::hours(24 * 365));

  EXPECT_EQ(*cache_.Get(clock_.Call(), {}, fetch), "1");
}

TEST_F(TokenCacheTest, HasOneTokenPerKey) {
  EXPECT_EQ(*Get("a"), "1");
  EXPECT_EQ(*Get("b"), "2");
  EXPECT_EQ(*Get("a"), "1");
}

TEST_F(TokenCacheTest, DoesNotRememberAFailedFetch) {
  failure_ = Error{ErrorKind::kDenied, "no"};
  EXPECT_FALSE(Get());
  failure_.reset();

  EXPECT_EQ(*Get(), "2");
}

TEST_F(TokenCacheTest, ReturnsTheOldTokenWhileItIsValidIfRenewalFails) {
  ASSERT_TRUE(Get());
  failure_ = Error{ErrorKind::kUnavailable, "down"};

  clock_.Advance(minutes(58));
  EXPECT_EQ(*Get(), "1");
  clock_.Advance(minutes(2));
  EXPECT_FALSE(Get());
}

TEST_F(TokenCacheTest, ForgetsARefusedTokenAndNoNewerOne) {
  ASSERT_TRUE(Get());
  cache_.Forget({}, "1");
  EXPECT_EQ(*Get(), "2");

  cache_.Forget({}, "1");

  EXPECT_EQ(*Get(), "2");
}

TEST_F(TokenCacheTest, FetchesOnceForManyThreads) {
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        const auto token = Get();
        if (token && *token == "1") ++right;
      });
    }
  }

  EXPECT_EQ(right, 16);
  EXPECT_EQ(fetches_, 1);
}

TEST_F(TokenCacheTest, HoldsNoLockWhileItFetches) {
  std::latch begun(1);
  std::latch go_on(1);
  std::jthread slow([&] {
    const auto token = cache_.Get(clock_.Call(), "slow", [&]() -> Result<Token> {
      begun.count_down();
      go_on.wait();
      return Token{"late"};
    });
    EXPECT_EQ(*token, "late");
  });
  begun.wait();

  EXPECT_EQ(*Get("fast"), "1");
  cache_.Forget("slow", "none");
  go_on.count_down();
}

TEST_F(TokenCacheTest, ACancelledWaiterLeavesTheFetchAlone) {
  std::latch begun(1);
  std::latch go_on(1);
  std::jthread first([&] {
    const auto token = cache_.Get(clock_.Call(), {}, [&]() -> Result<Token> {
      begun.count_down();
      go_on.wait();
      return Token{"shared"};
    });
    EXPECT_EQ(*token, "shared");
  });
  begun.wait();
  std::stop_source stop;
  stop.request_stop();
  base::Call call = clock_.Call();
  call.stop = stop.get_token();

  const auto cancelled = cache_.Get(call, {}, []() -> Result<Token> { return Token{"wrong"}; });
  go_on.count_down();
  first.join();

  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(*Get(), "shared");
}

}  // namespace
}  // namespace engine::connections
