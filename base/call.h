// SPDX-License-Identifier: MPL-2.0
// Call: what everything that blocks is handed: when to stop, until when, by which clock, and where to log.
#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

namespace base {

struct Call {
  Clock* clock = nullptr;  // borrowed; outlives the call
  TimePoint deadline{};
  std::stop_token stop{};
  Log log{};

  TimePoint Now() const { return clock->Now(); }

  // kCancelled once stop was requested, kTimeout once the deadline passed.
  Result<void> Check() const {
    if (stop.stop_requested()) return Error{ErrorKind::kCancelled, "the run was interrupted"};
    if (Now() >= deadline) return Error{ErrorKind::kTimeout, "the time allowed for this operation has passed"};
    return {};
  }

  // How long a wait may take: zero once the deadline passed, at most a day, so that no clock's time overflows when it is added.
  // For waits on the machine's steady clock, which `clock` need not be.
  std::chrono::nanoseconds TimeLeft() const {
    constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(24);
    const TimePoint now = Now();
    return deadline <= now ? std::chrono::nanoseconds(0) : std::min<std::chrono::nanoseconds>(deadline - now, kLongest);
  }

  // Blocks for `pause`, at most until the deadline. Errors as Check.
  Result<void> Wait(std::chrono::milliseconds pause) const {
    if (auto fine = Check(); !fine) return fine;
    const TimePoint until = Now() + pause;
    clock->SleepUntil(until < deadline ? until : deadline, stop);
    return Check();
  }

  // The same call with an earlier deadline, at most `limit` from now.
  Call Within(std::chrono::milliseconds limit) const {
    Call shorter = *this;
    if (const TimePoint until = Now() + limit; until < deadline) shorter.deadline = until;
    return shorter;
  }

  // A call for clean-up: it does not hear the stop request and has a deadline of its own.
  Call ForCleanup(std::chrono::milliseconds limit) const {
    return Call{.clock = clock, .deadline = Now() + limit, .stop = {}, .log = log};
  }
};

}  // namespace base
