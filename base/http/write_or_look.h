// SPDX-License-Identifier: MPL-2.0
// For writes that must not be carried out twice: after a failure that leaves open whether it was, a look at what is there tells.
#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "base/call.h"
#include "base/result.h"

namespace base::http {

struct LookPolicy {
  int attempts = 1;                    // how often it may be written, all in all
  std::chrono::milliseconds pause{0};  // before the second attempt; twice as long before the third, and so on
};

// The value of `write`, a Result<T>, or of `look`, a Result<std::optional<T>> that is empty if the write was not carried out.
// After a failed look nothing is written again. `is_open` tells of the write's error whether the write may have been carried out.
// Errors: those of `write`; kCancelled and kTimeout in a pause.
template <typename Write, typename IsOpen, typename Look>
auto WriteOrLook(const Call& call, const LookPolicy& policy, const Write& write, const IsOpen& is_open, const Look& look)
    -> decltype(write()) {
  for (int attempt = 1;; ++attempt) {
    auto written = write();
    if (written || !is_open(written.error())) return written;
    auto found = look();
    if (found && *found) return **std::move(found);
    if (!found || attempt >= policy.attempts) return written;
    call.log.Info("what was written is not there: it is written again",
                  {{key::kAttempt, attempt}, {key::kError, written.error().message}});
    if (auto waited = call.Wait(policy.pause * attempt); !waited) return std::move(waited).error();
  }
}

}  // namespace base::http
