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
  const base::SteadyTime now = call.SteadyNow();
  const base::SteadyTime start = lane.pace.Next(now);
  lock.unlock();
  Turn turn(*this, account_url);
  if (start > now) {
    if (auto waited = call.Wait(std::chrono::ceil<milliseconds>(start - now)); !waited) return std::move(waited).error();
  }
  return turn;
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
