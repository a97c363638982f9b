// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/client.h"

#include <utility>

#include "engine/vendors/aws/error.h"

namespace engine::vendors::aws {

base::http::RetryPolicy AwsRetryPolicy() {
  return {.attempts = 10, .first_pause = std::chrono::milliseconds(400), .longest_pause = std::chrono::milliseconds(8000)};
}

base::Result<base::http::Response> SendAws(const base::Call& call, base::http::Transport& transport, const auth::AwsScope& scope,
                                           const auth::AwsCredentials* credentials, const base::http::Request& request,
                                           std::string_view action) {
  constexpr int kTooManyRequests = 429;
  const base::http::RetryPolicy policy = AwsRetryPolicy();
  for (int attempt = 1;; ++attempt) {
    auto ready = credentials != nullptr ? auth::SignAws(request, *credentials, scope, call.Now())
                                        : base::Result<base::http::Request>(request);
    if (!ready) return std::move(ready).error();
    auto outcome = base::http::FetchOnce(call, transport, *ready);
    if (outcome && outcome->status >= 200 && outcome->status < 300) return outcome;
    base::Error refused = outcome ? ParseAwsError(*outcome, action, call.Now()) : outcome.error();
    if (outcome && refused.kind == base::ErrorKind::kRateLimited) outcome->status = kTooManyRequests;
    const auto pause = base::http::PauseBeforeRetry(call, policy, attempt, request.idempotency, outcome);
    if (!pause) return refused;
    call.log.Debug("request is sent again",
                   {{base::key::kCode, refused.code}, {base::key::kAttempt, attempt}, {base::key::kWait, *pause}});
    if (auto waited = call.Wait(*pause); !waited) return std::move(waited).error();
  }
}

}  // namespace engine::vendors::aws
