// SPDX-License-Identifier: MPL-2.0
// Call: what everything that blocks is handed: when to stop, until when, by which clock, and where to log.
#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/result.h"

namespace base {

struct Call {
  Clock* clock = nullptr;  // borrowed; outlives the call
  Deadline deadline{};
  std::stop_token stop{};
  Log log{};

  TimePoint Now() const { return clock->Now(); }
  SteadyTime SteadyNow() const { return clock->SteadyNow(); }
  std::chrono::nanoseconds TimeLeft() const { return deadline.TimeLeft(*clock); }

  // kCancelled once stop was requested, kTimeout once the deadline passed.
  Result<void> Check() const {
    if (stop.stop_requested()) return Error{ErrorKind::kCancelled, "the run was interrupted"};
    if (SteadyNow() >= deadline.time()) return Error{ErrorKind::kTimeout, "the time allowed for this operation has passed"};
    return {};
  }

  // Blocks for `pause`, at most until the deadline. Errors as Check.
  Result<void> Wait(std::chrono::milliseconds pause) const {
    if (auto fine = Check(); !fine) return fine;
    clock->SleepUntil(std::min(deadline, Deadline::In(*clock, pause)).time(), stop);
    return Check();
  }

  // The same call with an earlier deadline, at most `limit` from now.
  Call Within(std::chrono::milliseconds limit) const {
    Call shorter = *this;
    shorter.deadline = std::min(deadline, Deadline::In(*clock, limit));
    return shorter;
  }

  // A call for clean-up: it does not hear the stop request and has a deadline of its own.
  Call ForCleanup(std::chrono::milliseconds limit) const {
    return Call{.clock = clock, .deadline = Deadline::In(*clock, limit), .stop = {}, .log = log};
  }
};

}  // namespace base
