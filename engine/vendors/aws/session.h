// SPDX-License-Identifier: MPL-2.0
// AwsSession: one set of AWS settings at work. It finds the credentials, keeps them until shortly before they expire, and sends
// signed requests with them.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/environment.h"
#include "base/http/request.h"
#include "base/http/transport.h"
#include "base/result.h"
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
  base::Result<auth::AwsCredentials> Fetch(const base::Call& call, base::http::Transport& transport) const;
  bool AreFresh(base::TimePoint now) const;
  void Forget(const auth::AwsCredentials& refused);

  const auth::AwsSettings settings_;
  const base::EnvironmentReader environment_;
  std::string region_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::optional<auth::AwsCredentials> credentials_;
  std::optional<base::Error> failure_;  // of the last fetch, for those who waited for it
  bool is_fetching_ = false;
};

// The session of these settings, one for the whole process: a hundred certificates take on a role once.
std::shared_ptr<AwsSession> SharedAwsSession(const auth::AwsSettings& settings);

}  // namespace engine::vendors::aws
