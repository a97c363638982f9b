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

namespace base::cloud {

class AzureApi {
 public:
  // `transport` is borrowed; outlives this. `resource`: what the tokens are for, whatever the `url`. `limiter`: shared by all
  // users of the account; null where there is only one.
  AzureApi(http::Transport& transport, std::string url, std::shared_ptr<AzureTokens> tokens, std::string resource,
           std::shared_ptr<http::RateLimiter> limiter = nullptr)
      : transport_(&transport),
        url_(std::move(url)),
        tokens_(std::move(tokens)),
        resource_(std::move(resource)),
        limiter_(OrUnlimited(std::move(limiter))) {}

  // Gets a token, and sends nothing. Errors: those of AzureTokens.
  Result<void> Authenticate(const Call& call) const;

  // The answer's object, an empty one where there is no body. `path` begins with a slash, a null `body` is none.
  // `condition`: If-Match or If-None-Match; one that does not hold is kConflict. A token that Azure refuses is fetched anew,
  // once. error.code is Azure's ("AuthorizationFailed").
  Result<Json> Send(const Call& call, std::string_view method, std::string_view path, const Json& body = {},
                    const std::optional<http::Header>& condition = {},
                    http::Idempotency idempotency = http::Idempotency::kSafe) const;

  // Every element of a list that comes in pages. Errors as Send.
  Result<std::vector<Json>> List(const Call& call, std::string_view path) const;

  const std::string& url() const { return url_; }
  // Equal for all that act with the same credentials.
  const void* owner() const { return tokens_.get(); }

 private:
  Result<http::Response> SendAs(const Call& call, http::Request request) const;

  http::Transport* transport_;
  std::string url_;
  std::shared_ptr<AzureTokens> tokens_;  // shared with every other user of the credentials
  std::string resource_;
  std::shared_ptr<http::RateLimiter> limiter_;
};

}  // namespace base::cloud
