// SPDX-License-Identifier: MPL-2.0
// AwsSession: one set of AWS settings at work. It finds the credentials, keeps them until shortly before they expire, and sends
// signed requests with them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/environment.h"
#include "base/http/request.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "base/shared_objects.h"
#include "engine/connections/token_cache.h"
#include "engine/vendors/aws/auth/settings.h"
#include "engine/vendors/aws/auth/sigv4.h"
#include "engine/vendors/aws/endpoint.h"

namespace engine::vendors::aws {

// Safe from many threads: one of them fetches credentials, the others wait for it.
class AwsSession {
 public:
  explicit AwsSession(auth::AwsSettings settings, base::EnvironmentReader environment = base::Environment);

  // Of the settings, else AWS_REGION, AWS_DEFAULT_REGION, the profile's, us-east-1.
  const std::string& region() const { return region_; }
  // Of the settings, else AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, AWS's own. `region` empty: that of the session.
  AwsEndpoint Endpoint(std::string_view service, std::string_view region = {}) const;

  // Sends `request`, whose URL is a path; the response, if it is a success. `action` as for SendAws. Credentials that AWS calls
  // expired are fetched anew, once. Errors: those of FetchAwsCredentials and SendAws.
  base::Result<base::http::Response> Send(const base::Call& call, base::http::Transport& transport, std::string_view service,
                                          std::string_view region, base::http::Request request, std::string_view action);

  // Blocks while they are fetched.
  base::Result<auth::AwsCredentials> Credentials(const base::Call& call, base::http::Transport& transport);

 private:
  const auth::AwsSettings settings_;
  const base::EnvironmentReader environment_;
  std::string region_;
  connections::TokenCache<auth::AwsCredentials> credentials_;
};

// The session of these settings: a hundred certificates assume a role once.
std::shared_ptr<AwsSession> SharedAwsSession(const auth::AwsSettings& settings, base::SharedObjects& shared);

}  // namespace engine::vendors::aws
