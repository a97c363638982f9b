// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/session.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/crypto/digest.h"
#include "base/text.h"
#include "engine/vendors/aws/auth/credential_chain.h"
#include "engine/vendors/aws/auth/profile.h"
#include "engine/vendors/aws/auth/sts.h"
#include "engine/vendors/aws/client.h"

namespace engine::vendors::aws {
namespace {

using auth::AwsCredentials;
using auth::AwsProfiles;
using auth::AwsRole;
using auth::AwsScope;
using auth::AwsSettings;
using auth::FetchAwsCredentials;
using auth::FindSetting;
using auth::ReadAwsProfiles;
using base::Call;
using base::Cat;
using base::EnvironmentReader;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::Secret;
using base::TimePoint;

// A request under way must not see them expire, whatever the clocks say.
constexpr std::chrono::minutes kRefreshAhead{5};

struct ServiceVariable {
  std::string_view service;
  const char* variable;
};
constexpr std::array kVariables = {ServiceVariable{"acm", "AWS_ENDPOINT_URL_ACM"},
                                   ServiceVariable{"elasticloadbalancing", "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"},
                                   ServiceVariable{"route53", "AWS_ENDPOINT_URL_ROUTE_53"},
                                   ServiceVariable{"secretsmanager", "AWS_ENDPOINT_URL_SECRETS_MANAGER"},
                                   ServiceVariable{"sts", "AWS_ENDPOINT_URL_STS"},
                                   ServiceVariable{"tagging", "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API"}};

std::string FindRegion(const AwsSettings& settings, const EnvironmentReader& environment) {
  if (!settings.region.empty()) return settings.region;
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (auto region = environment(variable)) return *std::move(region);
  }
  const std::string name = settings.profile.empty() ? environment("AWS_PROFILE").value_or("default") : settings.profile;
  const AwsProfiles profiles = ReadAwsProfiles(environment);
  const auto profile = profiles.find(name);
  const std::string_view region = profile == profiles.end() ? std::string_view() : FindSetting(profile->second, "region");
  return std::string(region.empty() ? "us-east-1" : region);
}

std::optional<std::string> FindEndpointUrl(std::string_view service, const AwsSettings& settings,
                                           const EnvironmentReader& environment) {
  if (!settings.endpoint_url.empty()) return settings.endpoint_url;
  for (const ServiceVariable& one : kVariables) {
    if (one.service != service) continue;
    if (auto url = environment(one.variable)) return url;
  }
  return environment("AWS_ENDPOINT_URL");
}

// Every setting, so that no two sessions with different ones are taken for the same; a digest, since some are secret.
std::string KeyOf(const AwsSettings& settings) {
  const AwsRole role = settings.role.value_or(AwsRole{});
  std::string text;
  for (const std::string_view part :
       {std::string_view(settings.access_key_id), settings.secret_access_key.Reveal(), settings.session_token.Reveal(),
        std::string_view(settings.profile), std::string_view(settings.region), std::string_view(settings.endpoint_url),
        std::string_view(role.arn), std::string_view(role.external_id), std::string_view(role.session_name)}) {
    text.append(Cat(part.size(), ':', part));
  }
  const Secret whole(Cat(text, role.duration.count()));
  return base::crypto::Sha256(whole.Reveal());
}

}  // namespace

AwsSession::AwsSession(AwsSettings settings, EnvironmentReader environment)
    : settings_(std::move(settings)), environment_(std::move(environment)), region_(FindRegion(settings_, environment_)) {}

AwsEndpoint AwsSession::Endpoint(std::string_view service, std::string_view region) const {
  AwsEndpoint endpoint = FindAwsEndpoint(service, region.empty() ? region_ : region);
  if (auto url = FindEndpointUrl(service, settings_, environment_)) endpoint.url = *std::move(url);
  while (endpoint.url.ends_with('/')) endpoint.url.pop_back();
  return endpoint;
}

Result<base::http::Response> AwsSession::Send(const Call& call, base::http::Transport& transport, std::string_view service,
                                              std::string_view region, base::http::Request request, std::string_view action) {
  const AwsEndpoint endpoint = Endpoint(service, region);
  request.url = endpoint.url + request.url;
  const AwsScope scope{.region = endpoint.region, .service = std::string(service)};
  for (int attempt = 1;; ++attempt) {
    const auto credentials = Credentials(call, transport);
    if (!credentials) return credentials.error();
    auto response = SendAws(call, transport, scope, &*credentials, request, action);
    const bool has_expired =
        !response && (response.error().code == "ExpiredToken" || response.error().code == "ExpiredTokenException");
    if (!has_expired || attempt > 1) return response;
    Forget(*credentials);
  }
}

Result<AwsCredentials> AwsSession::Credentials(const Call& call, base::http::Transport& transport) {
  const auto limit = std::min<TimePoint::duration>(call.deadline - call.Now(), std::chrono::hours(1));
  std::unique_lock lock(mutex_);
  while (!AreFresh(call.Now()) && is_fetching_) {
    if (!changed_.wait_for(lock, call.stop, limit, [&] { return !is_fetching_; })) {
      if (auto fine = call.Check(); !fine) return std::move(fine).error();
      return Error{ErrorKind::kTimeout, "AWS credentials are still being fetched"};
    }
    // What went wrong for the one who asked goes wrong for all, unless it was told to stop.
    if (failure_ && failure_->kind != ErrorKind::kCancelled && failure_->kind != ErrorKind::kTimeout) return *failure_;
  }
  if (AreFresh(call.Now())) return *credentials_;
  is_fetching_ = true;
  lock.unlock();
  auto fetched = Fetch(call, transport);
  lock.lock();
  is_fetching_ = false;
  changed_.notify_all();
  failure_ = fetched ? std::nullopt : std::optional(fetched.error());
  if (fetched) {
    credentials_ = *fetched;
  } else if (credentials_ && credentials_->expires && *credentials_->expires > call.Now()) {
    call.log.Warn("credentials not renewed; the old ones are used", {{base::key::kError, fetched.error().message}});
    return *credentials_;
  }
  return fetched;
}

Result<AwsCredentials> AwsSession::Fetch(const Call& call, base::http::Transport& transport) const {
  const AwsEndpoint endpoint = Endpoint("sts");
  return FetchAwsCredentials(call, {.http = transport, .url = endpoint.url, .region = endpoint.region}, settings_, environment_);
}

bool AwsSession::AreFresh(TimePoint now) const {
  return credentials_ && (!credentials_->expires || *credentials_->expires - now > kRefreshAhead);
}

void AwsSession::Forget(const AwsCredentials& refused) {
  const std::lock_guard lock(mutex_);
  if (credentials_ && credentials_->access_key_id == refused.access_key_id) credentials_.reset();
}

std::shared_ptr<AwsSession> SharedAwsSession(const AwsSettings& settings) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<AwsSession>> sessions;
  const std::lock_guard lock(mutex);
  std::shared_ptr<AwsSession>& session = sessions[KeyOf(settings)];
  if (!session) session = std::make_shared<AwsSession>(settings);
  return session;
}

}  // namespace engine::vendors::aws
