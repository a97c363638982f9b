// SPDX-License-Identifier: MPL-2.0
// Time comes in from outside: the real clock, or a fake that tests move by hand.
#pragma once

#include <chrono>
#include <stop_token>

#include "base/result.h"

namespace base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint Now() const = 0;
  // Blocks until `when`, or until `stop` is requested, whichever is first. True when `when` was reached.
  virtual bool SleepUntil(TimePoint when, const std::stop_token& stop) = 0;
};

// The machine's clock. Safe from many threads; lives for the whole process.
Clock& RealClock();

}  // namespace base
