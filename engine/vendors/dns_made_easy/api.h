// SPDX-License-Identifier: MPL-2.0
// DNS Made Easy's API, version 2.0 (https://api-docs.dnsmadeeasy.com): requests signed with HMAC-SHA1 over their date.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/rate_limiter.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::vendors::dns_made_easy {

inline constexpr std::string_view kDnsMadeEasyUrl = "https://api.dnsmadeeasy.com/V2.0";
inline constexpr std::string_view kDnsMadeEasySandboxUrl = "https://api.sandbox.dnsmadeeasy.com/V2.0";

// Of an account, in any five minutes.
inline constexpr base::http::Rate kDnsMadeEasyRate{150, std::chrono::minutes(5)};

struct DnsMadeEasyKey {
  std::string api_key{};
  base::Secret secret_key{};
};

class DnsMadeEasyApi {
 public:
  // `transport` is borrowed; outlives this.
  DnsMadeEasyApi(base::http::Transport& transport, std::string url, DnsMadeEasyKey key,
                 std::shared_ptr<base::http::RateLimiter> limiter)
      : transport_(&transport), url_(std::move(url)), key_(std::move(key)), limiter_(std::move(limiter)) {}

  // The answer; null for an empty one. `path` begins with a slash, a null `body` is none. Everything may be sent again after a
  // lost answer: a second equal record is refused, which is kConflict. kDenied blames the key, unless the clock is wrong.
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path,
                                const base::Json& body = {}) const;

 private:
  base::Error ToError(const base::http::Response& response, base::TimePoint now) const;

  base::http::Transport* transport_;
  std::string url_;
  DnsMadeEasyKey key_;
  std::shared_ptr<base::http::RateLimiter> limiter_;  // shared by all users of the account
};

}  // namespace engine::vendors::dns_made_easy
