// SPDX-License-Identifier: MPL-2.0
// Deadline: when a wait ends at the latest, by the steady clock: a change of the machine's date neither ends nor prolongs it.
#pragma once

#include <algorithm>
#include <chrono>
#include <compare>

#include "base/clock.h"

namespace base {

class Deadline {
 public:
  // Longer limits count as this one, so that no sum of a clock's reading and a limit overflows.
  static constexpr std::chrono::hours kMaxLimit{24 * 366};

  Deadline() = default;  // has passed
  static Deadline In(const Clock& clock, std::chrono::milliseconds limit) {
    return Deadline(clock.SteadyNow() + std::min<std::chrono::milliseconds>(limit, kMaxLimit));
  }

  SteadyTime time() const { return time_; }
  // Zero once it has passed. It can be waited for on the machine's steady clock, which `clock` need not be.
  std::chrono::nanoseconds TimeLeft(const Clock& clock) const {
    return std::max<std::chrono::nanoseconds>(time_ - clock.SteadyNow(), std::chrono::nanoseconds(0));
  }

  friend auto operator<=>(const Deadline&, const Deadline&) = default;  // the earlier one is less

 private:
  explicit Deadline(SteadyTime time) : time_(time) {}

  SteadyTime time_{};
};

}  // namespace base
