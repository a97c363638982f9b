// SPDX-License-Identifier: MPL-2.0
#include "base/http/rate_limiter.h"

#include <algorithm>

#include "base/text.h"
#include "base/time_format.h"

namespace base::http {

RateLimiter::RateLimiter(Rate rate)
    : interval_(rate.requests > 0 ? rate.period / rate.requests : std::chrono::milliseconds(0)),
      credit_(rate.period - interval_) {}

Result<void> RateLimiter::Acquire(const Call& call) {
  for (;;) {
    if (auto fine = call.Check(); !fine) return fine;
    const SteadyTime now = call.SteadyNow();
    SteadyTime earliest;
    {
      const std::lock_guard lock(mutex_);
      earliest = std::max(held_until_, due_ - credit_);
      if (earliest <= now) {
        due_ = std::max(due_, now) + interval_;
        return {};
      }
    }
    if (earliest >= call.deadline.time()) {
      const TimePoint date = call.Now() + (earliest - now);
      return Error{.kind = ErrorKind::kRateLimited,
                   .message = Cat("the account's rate limit lets no request through before ", FormatRfc3339(date)),
                   .retry_after = date};
    }
    if (auto waited = call.Wait(std::chrono::ceil<std::chrono::milliseconds>(earliest - now)); !waited) return waited;
  }
}

void RateLimiter::HoldUntil(SteadyTime when) {
  const std::lock_guard lock(mutex_);
  held_until_ = std::max(held_until_, when);
}

}  // namespace base::http
