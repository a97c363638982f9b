// SPDX-License-Identifier: MPL-2.0
// PacedTransport: keeps to the rate limit of an account, and puts a vendor's own way to say "too fast" into the standard's words,
// 429 with Retry-After, so that the retries of base/http/client.h understand it.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/http/client.h"
#include "base/http/rate_limiter.h"
#include "base/http/transport.h"

namespace base::http {

class PacedTransport final : public Transport {
 public:
  // How long to leave the vendor alone after this response; empty: it says nothing of that. A refusal that says so is one for
  // being too fast.
  using FindPause = std::optional<std::chrono::seconds> (*)(const Response&, TimePoint now);

  // Both are borrowed; outlive this. `find` may be null.
  PacedTransport(Transport& inner, RateLimiter& limiter, FindPause find) : inner_(&inner), limiter_(&limiter), find_(find) {}

  Result<Response> Send(const Call& call, const Request& request) override {
    if (auto let = limiter_->Acquire(call); !let) return std::move(let).error();
    auto response = inner_->Send(call, request);
    if (!response) return response;
    const TimePoint now = call.Now();
    if (const auto when = RetryAfter(*response, now)) {
      limiter_->HoldUntil(call.SteadyNow() + (*when - now));
      return response;
    }
    const auto pause = find_ != nullptr ? find_(*response, now) : std::nullopt;
    if (!pause) return response;
    limiter_->HoldUntil(call.SteadyNow() + *pause);
    if (response->status < 300) return response;
    response->status = 429;
    response->headers.push_back({"Retry-After", std::to_string(pause->count())});
    return response;
  }

 private:
  Transport* inner_;
  RateLimiter* limiter_;
  FindPause find_;
};

// For vendors that name the time at which a limit ends, in seconds since 1970, where others send Retry-After: from one second to
// an hour. Empty unless the request was refused for it, or was the last that may be sent before.
inline std::optional<std::chrono::seconds> FindPauseUntilReset(const Response& response, TimePoint now,
                                                               std::string_view remaining, std::string_view reset) {
  if (response.status != 429 && response.Find(remaining) != "0") return std::nullopt;
  const auto header = response.Find(reset);
  std::int64_t seconds = 0;
  if (!header || std::from_chars(header->data(), header->data() + header->size(), seconds).ec != std::errc()) return std::nullopt;
  const auto left = std::chrono::seconds(seconds) - std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  return std::clamp(left, std::chrono::seconds(1), std::chrono::seconds(std::chrono::hours(1)));
}

// The limiter that was given, or one that only heeds what the vendor says.
inline std::shared_ptr<RateLimiter> OrUnlimited(std::shared_ptr<RateLimiter> limiter) {
  return limiter ? std::move(limiter) : std::make_shared<RateLimiter>(Rate{});
}

}  // namespace base::http
