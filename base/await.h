// SPDX-License-Identifier: MPL-2.0
// Waiting for other threads within a call.
#pragma once

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
    (void)changed.wait_for(lock, call.stop, call.TimeLeft(), is_ready);
  }
  return {};
}

}  // namespace base
