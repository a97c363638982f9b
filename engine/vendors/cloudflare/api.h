// SPDX-License-Identifier: MPL-2.0
// Cloudflare's API, version 4 (https://developers.cloudflare.com/api): credentials in, envelope out.
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

namespace engine::vendors::cloudflare {

inline constexpr std::string_view kCloudflareUrl = "https://api.cloudflare.com/client/v4";
// Of a user, over all of the tokens. https://developers.cloudflare.com/fundamentals/api/reference/limits
inline constexpr base::http::Rate kCloudflareRate{1200, std::chrono::minutes(5)};

struct CloudflareKey {
  base::Secret api_token{};  // alone, or
  std::string email{};       // the e-mail address of an account
  base::Secret api_key{};    // with its global key
};

class CloudflareApi {
 public:
  // `transport` is borrowed; outlives this.
  CloudflareApi(base::http::Transport& transport, std::string url, CloudflareKey key,
                std::shared_ptr<base::http::RateLimiter> limiter)
      : transport_(&transport), url_(std::move(url)), key_(std::move(key)), limiter_(std::move(limiter)) {}

  // The whole envelope; `path` begins with a slash, an empty `body` is none. Every call may be sent again after a lost answer:
  // Cloudflare refuses a second equal record. Errors have Cloudflare's number as error.code; its numbers for wrong credentials
  // are kDenied, for things that are not there kNotFound, for an equal record kConflict, whatever the status.
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path,
                                const base::Json& body = {}) const;

 private:
  base::http::Transport* transport_;
  std::string url_;
  CloudflareKey key_;
  std::shared_ptr<base::http::RateLimiter> limiter_;  // shared by all users of the account
};

}  // namespace engine::vendors::cloudflare
