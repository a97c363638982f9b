// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/client.h"

#include <utility>

#include "engine/vendors/aws/error.h"

namespace base::cloud {

http::RetryPolicy AwsRetryPolicy() {
  return {.attempts = 10, .first_pause = std::chrono::milliseconds(400), .longest_pause = std::chrono::milliseconds(8000)};
}

Result<http::Response> SendAws(const Call& call, http::Transport& transport, const AwsScope& scope,
                               const AwsCredentials* credentials, const http::Request& request, std::string_view action) {
  constexpr int kTooManyRequests = 429;
  const http::RetryPolicy policy = AwsRetryPolicy();
  for (int attempt = 1;; ++attempt) {
    auto ready = credentials != nullptr ? SignAws(request, *credentials, scope, call.Now()) : Result<http::Request>(request);
    if (!ready) return std::move(ready).error();
    auto outcome = http::FetchOnce(call, transport, *ready);
    if (outcome && outcome->status >= 200 && outcome->status < 300) return outcome;
    Error refused = outcome ? ParseAwsError(*outcome, action, call.Now()) : outcome.error();
    if (outcome && refused.kind == ErrorKind::kRateLimited) outcome->status = kTooManyRequests;
    const auto pause = http::PauseBeforeRetry(call, policy, attempt, request.idempotency, outcome);
    if (!pause) return refused;
    call.log.Debug("request is sent again", {{key::kCode, refused.code}, {key::kAttempt, attempt}, {key::kWait, *pause}});
    if (auto waited = call.Wait(*pause); !waited) return std::move(waited).error();
  }
}

}  // namespace base::cloud
