// SPDX-License-Identifier: MPL-2.0
#include "base/clock.h"

#include <condition_variable>
#include <mutex>

namespace base {
namespace {

class SystemClock final : public Clock {
 public:
  TimePoint Now() const override { return std::chrono::system_clock::now(); }

  SteadyTime SteadyNow() const override { return std::chrono::steady_clock::now(); }

  bool SleepUntil(SteadyTime when, const std::stop_token& stop) override {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_until(lock, stop, when, [] { return false; });
    return !stop.stop_requested();
  }
};

}  // namespace

Clock& RealClock() {
  static SystemClock clock;
  return clock;
}

}  // namespace base
