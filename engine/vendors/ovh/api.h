// SPDX-License-Identifier: MPL-2.0
// OVHcloud's API, version 1, whose requests are signed. https://help.ovhcloud.com/csm/en-api-getting-started-ovhcloud-api
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/rate_limiter.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::vendors::ovh {

struct OvhKey {
  std::string application_key;
  base::Secret application_secret;
  base::Secret consumer_key;
};

// Safe from many threads.
class OvhApi {
 public:
  // `transport` is borrowed; outlives this.
  OvhApi(base::http::Transport& transport, std::string url, OvhKey key, std::shared_ptr<base::http::RateLimiter> limiter)
      : transport_(&transport),
        url_(std::move(url)),
        key_(std::make_shared<const OvhKey>(std::move(key))),
        limiter_(std::move(limiter)) {}

  // The answer's value; null for an empty one. `path` begins with a slash; a null `body` is none. A POST is sent once: a second
  // one could create a second record. Errors have OVHcloud's errorCode as error.code; a wrong signature is kDenied.
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path,
                                const base::Json& body = {}) const;

 private:
  base::http::Transport* transport_;
  std::string url_;
  std::shared_ptr<const OvhKey> key_;                 // shared by copies of this
  std::shared_ptr<base::http::RateLimiter> limiter_;  // shared by all users of the account
};

}  // namespace engine::vendors::ovh
