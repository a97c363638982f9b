// SPDX-License-Identifier: MPL-2.0
// RateLimiter: how fast requests of one account may go out, whoever sends them; shared by all users of the account.
#pragma once

#include <chrono>
#include <mutex>

#include "base/call.h"
#include "base/result.h"

namespace base::http {

// At most `requests` in any row, and as many in each `period` after that. None: the server alone says when it is too much.
struct Rate {
  int requests = 0;
  std::chrono::milliseconds period{0};
};

// Safe from many threads.
class RateLimiter {
 public:
  explicit RateLimiter(Rate rate);

  // Blocks until a request may go out, and counts it. Errors: kRateLimited at once, with retry_after, when that is not before the
  // call's deadline; kCancelled, kTimeout.
  Result<void> Acquire(const Call& call);
  // The server has said that it takes nothing before then.
  void HoldUntil(SteadyTime when);

 private:
  const std::chrono::milliseconds interval_;  // between requests, in the long run
  const std::chrono::milliseconds credit_;    // how far ahead of that they may be: the generic cell rate algorithm (ITU-T I.371)

  std::mutex mutex_;
  SteadyTime due_{};         // of the next request, were they spread evenly
  SteadyTime held_until_{};  // guarded by mutex_, like due_
};

}  // namespace base::http
