// SPDX-License-Identifier: MPL-2.0
// Waiting for other threads within a call.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/call.h"
#include "base/result.h"

namespace base {

// Blocks until `is_ready()`, which `lock` guards and `changed` announces. Errors: kCancelled, kTimeout.
template <typename IsReady>
Result<void> Await(const Call& call, std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
                   const IsReady& is_ready) {
  while (!is_ready()) {
    if (auto fine = call.Check(); !fine) return fine;
    // At most an hour: adding a deadline without limit to the steady clock would overflow.
    const auto limit = std::min<TimePoint::duration>(call.deadline - call.Now(), std::chrono::hours(1));
    (void)changed.wait_for(lock, call.stop, limit, is_ready);
  }
  return {};
}

}  // namespace base
