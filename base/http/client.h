// SPDX-License-Identifier: MPL-2.0
// What every HTTP caller wants around Transport::Send, in this order: retry, log, send.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/call.h"
#include "base/http/request.h"
#include "base/http/transport.h"
#include "base/random.h"
#include "base/result.h"

namespace base::http {

struct RetryPolicy {
  int attempts = 4;
  std::chrono::milliseconds first_pause{200};
  std::chrono::milliseconds longest_pause{5000};
  Random* random = &SystemRandom();  // borrowed; for the jitter
};

// The last response, or the last error. Retries connection failures, resets, 408, 429, 500, 502, 503 and 504 with doubling pauses
// and jitter, or after Retry-After where it ends before the deadline; a kOnce request only when it certainly never left, or was
// refused with 429 or 503 with Retry-After. A Retry-After beyond the deadline ends the loop at once.
// Each attempt is logged at debug: method, URL without query, status, time; at trace the headers on redact.h's list. Never
// bodies.
Result<Response> Fetch(const Call& call, Transport& transport, const Request& request, const RetryPolicy& policy = {});

// One attempt of Fetch: send and log.
Result<Response> FetchOnce(const Call& call, Transport& transport, const Request& request);

struct Attempt {
  Result<Response> outcome;
  bool is_final = false;  // it is not repeated, whatever the outcome
};

// Fetch for requests that are made anew for each attempt, such as signed ones. `send` makes and sends it; of `request`, the URL
// and the idempotency count.
Result<Response> FetchWith(const Call& call, const Request& request, const RetryPolicy& policy,
                           const std::function<Attempt()>& send);

// The decision of FetchWith: how long to wait before attempt `attempt` + 1 (the first is 1); empty: this outcome is final.
std::optional<std::chrono::milliseconds> PauseBeforeRetry(const Call& call, const RetryPolicy& policy, int attempt,
                                                          Idempotency idempotency, const Result<Response>& outcome);

// When to try again, from Retry-After in seconds or as an HTTP-date (RFC 9110 section 10.2.3); empty when absent or neither.
std::optional<TimePoint> RetryAfter(const Response& response, TimePoint now);

}  // namespace base::http
