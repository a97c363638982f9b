// SPDX-License-Identifier: MPL-2.0
// Time comes in from outside: the real clock, or a fake that tests move by hand.
#pragma once

#include <chrono>
#include <stop_token>

#include "base/result.h"

namespace base {

using SteadyTime = std::chrono::steady_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  // The date, for what has one: certificates, tokens, Retry-After. It jumps when somebody sets the machine's clock.
  virtual TimePoint Now() const = 0;
  // For waits and durations: never jumps, means nothing to another machine.
  virtual SteadyTime SteadyNow() const = 0;
  // Blocks until `when`, or until `stop` is requested, whichever is first. True when `when` was reached.
  virtual bool SleepUntil(SteadyTime when, const std::stop_token& stop) = 0;
};

// The machine's clock. Safe from many threads; lives for the whole process.
Clock& RealClock();

}  // namespace base
