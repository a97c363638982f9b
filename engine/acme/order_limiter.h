// SPDX-License-Identifier: MPL-2.0
// OrderLimiter: keeps a large apply below the limits per second of CAs (Let's Encrypt: 250 requests and 20 new nonces; its
// staging takes 20 requests, ZeroSSL about 7, which they say with 429 or 503).
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/call.h"
#include "base/result.h"

namespace engine::acme {

// When orders may start: ten at once, then twenty-five a second; half as many after each complaint of the CA, down to one a
// second. After a hold they start one by one.
class OrderPace {
 public:
  // The time from which on the next order may start, at least `now`; counts it as started.
  base::SteadyTime Next(base::SteadyTime now);
  // None starts before `end`.
  void HoldUntil(base::SteadyTime end) { next_ = std::max(next_, held_until_ = std::max(held_until_, end)); }
  bool IsHeld(base::SteadyTime now) const { return now < held_until_; }
  // The CA has complained. Complaints within a second are one.
  void SlowDown(base::SteadyTime now);

 private:
  base::SteadyTime next_{};
  base::SteadyTime held_until_{};
  std::chrono::milliseconds interval_{40};
  base::SteadyTime slowed_at_{};
};

// At most 256 orders of an account are under way, and they start at OrderPace. What the CA's Retry-After holds back, it holds
// back for the whole account. Safe from many threads.
class OrderLimiter {
 public:
  // An order under way, until it is destroyed.
  class Turn {
   public:
    Turn(OrderLimiter& limiter, std::string account) : limiter_(&limiter), account_(std::move(account)) {}
    Turn(Turn&& other) noexcept : limiter_(std::exchange(other.limiter_, nullptr)), account_(std::move(other.account_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn();

   private:
    OrderLimiter* limiter_;  // borrowed; null once moved from
    std::string account_;
  };

  enum class Held { kNewOrders, kAll };

  // Blocks until there is room for one more order of the account. Errors: kCancelled, kTimeout.
  base::Result<Turn> Take(const base::Call& call, const std::string& account_url);
  // Blocks until an order may be placed. Errors: kCancelled, kTimeout.
  base::Result<void> AwaitStart(const base::Call& call, const std::string& account_url);
  // Blocks until the account may be used. Errors: kCancelled, kTimeout.
  base::Result<void> AwaitHold(const base::Call& call, const std::string& account_url);
  // The CA wants to be left in peace until `end`.
  void Hold(const std::string& account_url, Held what, base::SteadyTime end);
  // The CA has refused a request of the account as one too many.
  void SlowDown(const std::string& account_url, base::SteadyTime now);

 private:
  struct Lane {
    int running = 0;
    OrderPace pace{};
    base::SteadyTime held_until{};  // every request
  };
  void Release(const std::string& account_url);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Lane> lanes_;  // by account; guarded by mutex_
};

}  // namespace engine::acme
