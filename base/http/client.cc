// SPDX-License-Identifier: MPL-2.0
#include "base/http/client.h"

#include <algorithm>
#include <charconv>

#include "base/http/proxy_code.h"
#include "base/http/redact.h"
#include "base/text.h"
#include "base/time_format.h"

namespace base::http {
namespace {

using std::chrono::milliseconds;

bool IsTransient(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

bool MayRepeat(const Result<Response>& outcome, Idempotency idempotency) {
  if (!outcome) {
    const Error& error = outcome.error();
    if (error.kind != ErrorKind::kUnavailable || error.code == kProxyCode) return false;
    return idempotency == Idempotency::kSafe || error.delivery == Delivery::kNotSent;
  }
  if (idempotency == Idempotency::kSafe) return IsTransient(outcome->status);
  return outcome->status == 429 || (outcome->status == 503 && outcome->Find("retry-after"));
}

// Between half of the doubled pause and the whole: many clients that failed together must not come back together.
milliseconds BackOff(const RetryPolicy& policy, int attempt) {
  milliseconds pause = policy.first_pause;
  for (int i = 1; i < attempt && pause < policy.longest_pause; ++i) pause *= 2;
  pause = std::min(pause, policy.longest_pause);
  const std::string byte = policy.random->Bytes(1);
  return pause / 2 + pause * static_cast<unsigned char>(byte[0]) / 510;
}

}  // namespace

std::optional<TimePoint> RetryAfter(const Response& response, TimePoint now) {
  const auto header = response.Find("retry-after");
  if (!header) return std::nullopt;
  const std::string_view text = Trim(*header);
  constexpr std::uint32_t kTenYears = 10U * 366U * 86400U;
  std::uint32_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end == text.data() + text.size() && !text.empty()) {
    if (failure == std::errc::result_out_of_range) seconds = kTenYears;
    return now + std::chrono::seconds(std::min(seconds, kTenYears));
  }
  return ParseHttpDate(text);
}

std::optional<milliseconds> PauseBeforeRetry(const Call& call, const RetryPolicy& policy, int attempt, Idempotency idempotency,
                                             const Result<Response>& outcome) {
  if (attempt >= policy.attempts || !MayRepeat(outcome, idempotency)) return std::nullopt;
  const TimePoint now = call.Now();
  milliseconds pause = BackOff(policy, attempt);
  if (outcome) {
    // Never at once: the attempts of an order are bounded by its deadline alone.
    if (const auto when = RetryAfter(*outcome, now))
      pause = std::max(policy.first_pause, std::chrono::ceil<milliseconds>(*when - now));
  }
  if (pause >= call.TimeLeft()) return std::nullopt;
  return pause;
}

Result<Response> FetchOnce(const Call& call, Transport& transport, const Request& request) {
  const SteadyTime start = call.SteadyNow();
  auto outcome = transport.Send(call, request);
  const auto took = std::chrono::duration_cast<milliseconds>(call.SteadyNow() - start);
  const std::string url = LoggableUrl(request.url);
  if (!outcome) {
    call.log.Debug(
        "request failed",
        {{key::kMethod, request.method}, {key::kUrl, url}, {key::kError, outcome.error().message}, {key::kTook, took}});
    return outcome;
  }
  call.log.Debug("request sent",
                 {{key::kMethod, request.method}, {key::kUrl, url}, {key::kStatus, outcome->status}, {key::kTook, took}});
  call.log.Trace("response headers", {{key::kUrl, url}, {"headers", LoggableHeaders(outcome->headers)}});
  return outcome;
}

Result<Response> FetchWith(const Call& call, const Request& request, const RetryPolicy& policy,
                           const std::function<Attempt()>& send) {
  for (int number = 1;; ++number) {
    Attempt attempt = send();
    const auto pause =
        attempt.is_final ? std::nullopt : PauseBeforeRetry(call, policy, number, request.idempotency, attempt.outcome);
    if (!pause) return std::move(attempt.outcome);
    call.log.Info("waiting before the request is sent again",
                  {{key::kWait, *pause}, {key::kUrl, LoggableUrl(request.url)}, {key::kAttempt, number}});
    if (auto waited = call.Wait(*pause); !waited) return std::move(waited).error();
  }
}

Result<Response> Fetch(const Call& call, Transport& transport, const Request& request, const RetryPolicy& policy) {
  return FetchWith(call, request, policy, [&]() -> Attempt { return {.outcome = FetchOnce(call, transport, request)}; });
}

}  // namespace base::http
