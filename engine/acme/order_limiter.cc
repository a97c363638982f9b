// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/order_limiter.h"

#include <algorithm>

#include "base/await.h"

namespace engine::acme {
namespace {

using std::chrono::milliseconds;

constexpr int kMostAtOnce = 256;
constexpr int kBurst = 10;
constexpr milliseconds kLongestInterval{1000};
constexpr milliseconds kBetweenComplaints{1000};

// Fails at once when the wait would outlast the operation, and says when to try again.
base::Result<void> WaitFor(const base::Call& call, std::chrono::nanoseconds pause) {
  if (pause < call.TimeLeft()) return call.Wait(std::chrono::ceil<milliseconds>(pause));
  base::Error error{base::ErrorKind::kRateLimited, "the CA asked this account to wait for longer than the time that is left"};
  error.retry_after = call.Now() + std::chrono::ceil<std::chrono::seconds>(pause);
  return error;
}

}  // namespace

base::SteadyTime OrderPace::Next(base::SteadyTime now) {
  next_ = std::max(next_, now - interval_ * (kBurst - 1));
  const base::SteadyTime start = std::max(next_, now);
  next_ += interval_;
  return start;
}

void OrderPace::SlowDown(base::SteadyTime now) {
  if (now < slowed_at_ + kBetweenComplaints) return;
  slowed_at_ = now;
  interval_ = std::min(interval_ * 2, kLongestInterval);
}

base::Result<OrderLimiter::Turn> OrderLimiter::Take(const base::Call& call, const std::string& account_url) {
  std::unique_lock lock(mutex_);
  Lane& lane = lanes_[account_url];
  auto free = base::Await(call, changed_, lock, [&] { return lane.running < kMostAtOnce; });
  if (!free) return std::move(free).error();
  ++lane.running;
  return Turn(*this, account_url);
}

base::Result<void> OrderLimiter::AwaitStart(const base::Call& call, const std::string& account_url) {
  for (;;) {
    std::unique_lock lock(mutex_);
    OrderPace& pace = lanes_[account_url].pace;
    const base::SteadyTime now = call.SteadyNow();
    const base::SteadyTime start = pace.Next(now);
    lock.unlock();
    if (start <= now) return {};
    if (auto waited = WaitFor(call, start - now); !waited) return waited;
    lock.lock();
    // The CA may have complained about another order meanwhile: this one goes to the end of the queue.
    if (!pace.IsHeld(call.SteadyNow())) return {};
  }
}

base::Result<void> OrderLimiter::AwaitHold(const base::Call& call, const std::string& account_url) {
  for (;;) {
    std::unique_lock lock(mutex_);
    const auto left = lanes_[account_url].held_until - call.SteadyNow();
    lock.unlock();
    if (left <= left.zero()) return {};
    if (auto waited = WaitFor(call, left); !waited) return waited;
  }
}

void OrderLimiter::Hold(const std::string& account_url, Held what, base::SteadyTime end) {
  std::lock_guard lock(mutex_);
  Lane& lane = lanes_[account_url];
  if (what == Held::kNewOrders) return lane.pace.HoldUntil(end);
  lane.held_until = std::max(lane.held_until, end);
}

void OrderLimiter::SlowDown(const std::string& account_url, base::SteadyTime now) {
  std::lock_guard lock(mutex_);
  lanes_[account_url].pace.SlowDown(now);
}

void OrderLimiter::Release(const std::string& account_url) {
  std::lock_guard lock(mutex_);
  --lanes_[account_url].running;
  changed_.notify_all();  // some wait for another account
}

OrderLimiter::Turn::~Turn() {
  if (limiter_ != nullptr) limiter_->Release(account_);
}

}  // namespace engine::acme
