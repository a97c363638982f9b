// SPDX-License-Identifier: MPL-2.0
// DigitalOcean's API, version 2 (https://docs.digitalocean.com/reference/api).
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

namespace engine::vendors::digitalocean {

inline constexpr std::string_view kDigitaloceanUrl = "https://api.digitalocean.com";
// https://docs.digitalocean.com/reference/api/reference/#section/Introduction/Rate-Limit; of an hour the answers tell.
inline constexpr base::http::Rate kDigitaloceanRate{250, std::chrono::minutes(1)};

class DigitaloceanApi {
 public:
  // `transport` is borrowed; outlives this.
  DigitaloceanApi(base::http::Transport& transport, std::string url, base::Secret token,
                  std::shared_ptr<base::http::RateLimiter> limiter)
      : transport_(&transport), url_(std::move(url)), token_(std::move(token)), limiter_(std::move(limiter)) {}

  // The answer's object; null for an empty one. `path` begins with a slash, a null `body` is none. A POST is sent once: a second
  // one would make a second record. Errors have DigitalOcean's id ("not_found") as error.code.
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path,
                                const base::Json& body = {}) const;

 private:
  base::http::Transport* transport_;
  std::string url_;
  base::Secret token_;
  std::shared_ptr<base::http::RateLimiter> limiter_;  // shared by all users of the account
};

}  // namespace engine::vendors::digitalocean
