// SPDX-License-Identifier: MPL-2.0
// Azure's JSON APIs: a request with an access token, errors by status and code
// (https://learn.microsoft.com/azure/azure-resource-manager/management/).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/http/paced_transport.h"
#include "base/http/rate_limiter.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/vendors/azure/token.h"

namespace engine::vendors::azure {

class AzureApi {
 public:
  // `transport` is borrowed; outlives this. `resource`: what the tokens are for, whatever the `url`. `limiter`: shared by all
  // users of the account; null where there is only one.
  AzureApi(base::http::Transport& transport, std::string url, std::shared_ptr<AzureTokens> tokens, std::string resource,
           std::shared_ptr<base::http::RateLimiter> limiter = nullptr)
      : transport_(&transport),
        url_(std::move(url)),
        tokens_(std::move(tokens)),
        resource_(std::move(resource)),
        limiter_(base::http::OrUnlimited(std::move(limiter))) {}

  // Gets a token, and sends nothing. Errors: those of AzureTokens.
  base::Result<void> Authenticate(const base::Call& call) const;

  // The answer's object, an empty one where there is no body. `path` begins with a slash, a null `body` is none.
  // `condition`: If-Match or If-None-Match; one that does not hold is kConflict. A token that Azure refuses is fetched anew,
  // once. error.code is Azure's ("AuthorizationFailed").
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path,
                                const base::Json& body = {}, const std::optional<base::http::Header>& condition = {},
                                base::http::Idempotency idempotency = base::http::Idempotency::kSafe) const;

  // Every element of a list that comes in pages. Errors as Send.
  base::Result<std::vector<base::Json>> List(const base::Call& call, std::string_view path) const;

  const std::string& url() const { return url_; }
  // Equal for all that act with the same credentials.
  const void* owner() const { return tokens_.get(); }

 private:
  base::Result<base::http::Response> SendAs(const base::Call& call, base::http::Request request) const;

  base::http::Transport* transport_;
  std::string url_;
  std::shared_ptr<AzureTokens> tokens_;  // shared with every other user of the credentials
  std::string resource_;
  std::shared_ptr<base::http::RateLimiter> limiter_;
};

}  // namespace engine::vendors::azure
