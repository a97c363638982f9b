// SPDX-License-Identifier: MPL-2.0
// A clock that tests move: SleepUntil jumps there at once, so that no test sleeps. Safe from many threads.
#pragma once

#include <mutex>
#include <vector>

#include "base/call.h"
#include "base/clock.h"

namespace tests {

class FakeClock final : public base::Clock {
 public:
  explicit FakeClock(base::TimePoint start = base::TimePoint(std::chrono::seconds(1'767'323'045))) : now_(start) {}

  base::TimePoint Now() const override {
    std::lock_guard lock(mutex_);
    return now_;
  }

  base::SteadyTime SteadyNow() const override {
    std::lock_guard lock(mutex_);
    return steady_;
  }

  bool SleepUntil(base::SteadyTime when, const std::stop_token& stop) override {
    if (stop.stop_requested()) return false;
    std::lock_guard lock(mutex_);
    if (when > steady_) {
      pauses_.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(when - steady_));
      now_ += when - steady_;
      steady_ = when;
    }
    return true;
  }

  void Advance(std::chrono::milliseconds step) {
    std::lock_guard lock(mutex_);
    now_ += step;
    steady_ += step;
  }

  // Somebody sets the date: time itself goes on as before.
  void SetDateForward(std::chrono::milliseconds step) {
    std::lock_guard lock(mutex_);
    now_ += step;
  }

  // Every pause that was asked for, in order.
  std::vector<std::chrono::milliseconds> pauses() const {
    std::lock_guard lock(mutex_);
    return pauses_;
  }

  base::Call Call(std::chrono::milliseconds limit = std::chrono::minutes(10)) {
    return base::Call{.clock = this, .deadline = base::Deadline::In(*this, limit), .stop = {}, .log = {}};
  }

 private:
  mutable std::mutex mutex_;
  base::TimePoint now_;
  base::SteadyTime steady_{std::chrono::hours(1)};
  std::vector<std::chrono::milliseconds> pauses_;
};

}  // namespace tests
