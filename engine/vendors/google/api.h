// SPDX-License-Identifier: MPL-2.0
// Google Cloud's JSON APIs: a request with an access token, errors by status and reason (https://google.aip.dev/193).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/paced_transport.h"
#include "base/http/rate_limiter.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/vendors/google/credentials.h"

namespace engine::vendors::google {

class GoogleApi {
 public:
  // `transport` is borrowed; outlives this. `limiter`: shared by all users of the account; null where there is only one.
  // `quota_project`: the project that is charged; empty: the resource's own.
  GoogleApi(base::http::Transport& transport, std::string url, std::shared_ptr<GoogleCredentials> credentials,
            std::shared_ptr<base::http::RateLimiter> limiter = nullptr, std::string quota_project = {})
      : transport_(&transport),
        url_(std::move(url)),
        credentials_(std::move(credentials)),
        limiter_(base::http::OrUnlimited(std::move(limiter))),
        quota_project_(std::move(quota_project)) {}

  // The answer's object. `path` begins with a slash, a null `body` is none. A POST is sent once. A token that Google refuses is
  // fetched anew, once. error.code is Google's reason ("accessNotConfigured").
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path,
                                const base::Json& body = {}) const;

  const std::string& url() const { return url_; }
  // Equal for all that act for the same account.
  const void* owner() const { return limiter_.get(); }

 private:
  base::Result<base::http::Response> SendAs(const base::Call& call, base::http::Request request) const;

  base::http::Transport* transport_;
  std::string url_;
  std::shared_ptr<GoogleCredentials> credentials_;  // shared with every other user of them
  std::shared_ptr<base::http::RateLimiter> limiter_;
  std::string quota_project_;
};

}  // namespace engine::vendors::google
