// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/client.h"

#include <utility>

#include "engine/vendors/aws/error.h"

namespace engine::vendors::aws {

namespace {

// AWS limits by account: Route 53 takes five requests a second of all its users together.
constexpr int kAttempts = 10;
constexpr std::chrono::milliseconds kFirstPause{400};
constexpr std::chrono::milliseconds kLongestPause{8000};

bool IsSuccess(const base::http::Response& response) { return response.status >= 200 && response.status < 300; }

}  // namespace

base::Result<base::http::Response> SendAws(const base::Call& call, base::http::Transport& transport, const auth::AwsScope& scope,
                                           const auth::AwsCredentials* credentials, const base::http::Request& request,
                                           std::string_view action) {
  constexpr int kTooManyRequests = 429;
  const base::http::RetryPolicy policy{.attempts = kAttempts, .first_pause = kFirstPause, .longest_pause = kLongestPause};
  auto response = base::http::FetchWith(call, request, policy, [&]() -> base::http::Attempt {
    const auto ready = credentials != nullptr ? auth::SignAws(request, *credentials, scope, call.Now())
                                              : base::Result<base::http::Request>(request);
    if (!ready) return {.outcome = ready.error(), .is_final = true};
    auto outcome = base::http::FetchOnce(call, transport, *ready);
    const bool is_throttled =
        outcome && !IsSuccess(*outcome) && ParseAwsError(*outcome, action, call.Now()).kind == base::ErrorKind::kRateLimited;
    if (is_throttled) outcome->status = kTooManyRequests;
    return {.outcome = std::move(outcome)};
  });
  if (!response || IsSuccess(*response)) return response;
  return ParseAwsError(*response, action, call.Now());
}

}  // namespace engine::vendors::aws
