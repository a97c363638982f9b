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
#include "engine/connections/connection.h"
#include "engine/connections/token_cache.h"
#include "engine/vendors/aws/auth/config.h"
#include "engine/vendors/aws/auth/credential_process.h"
#include "engine/vendors/aws/auth/settings.h"
#include "engine/vendors/aws/auth/sigv4.h"
#include "engine/vendors/aws/endpoint.h"

namespace engine::vendors::aws {

// Safe from many threads: one of them fetches credentials, the others wait for it.
class AwsSession {
 public:
  // `run`: runs a profile's credential_process; empty where programs may not be run.
  explicit AwsSession(auth::AwsSettings settings, base::EnvironmentReader environment = base::Environment,
                      auth::AwsProgramRunner run = {});

  // As FindAwsRegion.
  const std::string& region() const { return region_; }
  // As FindConfiguredEndpoint. `region` empty: that of the session.
  base::Result<AwsEndpoint> Endpoint(std::string_view service, std::string_view region = {}) const;

  // Sends `request`, whose URL is a path; the response, if it is a success. `action` as for SendAws. Credentials that AWS calls
  // expired are fetched anew, once. Errors: those of FetchAwsCredentials and SendAws.
  base::Result<base::http::Response> Send(const base::Call& call, base::http::Transport& transport, std::string_view service,
                                          std::string_view region, base::http::Request request, std::string_view action);

  // Blocks while they are fetched.
  base::Result<auth::AwsCredentials> Credentials(const base::Call& call, base::http::Transport& transport);

 private:
  const auth::AwsSettings settings_;
  const base::EnvironmentReader environment_;
  const auth::AwsProgramRunner run_;
  const auth::AwsConfig config_;  // as it was at the start; without keys, which are read when needed
  const std::string region_;
  connections::TokenCache<auth::AwsCredentials> credentials_;
};

// The session of these settings: a hundred certificates assume a role once.
std::shared_ptr<AwsSession> SharedAwsSession(const auth::AwsSettings& settings, const connections::Deps& deps);

}  // namespace engine::vendors::aws
