// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/session.h"

#include <array>
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
using base::Result;
using base::Secret;

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
  // By whatever way it came here: AWS_REGION and profiles as well.
  for (const std::string_view one : {std::string_view(endpoint.region), std::string_view(region_)}) {
    if (FindAwsRegionProblem(one).empty()) continue;
    return base::Error{base::ErrorKind::kInvalid,
                       Cat("\"", base::Printable(one, 60), "\" is no region of AWS; they look like eu-west-1")};
  }
  request.url = endpoint.url + request.url;
  const AwsScope scope{.region = endpoint.region, .service = std::string(service)};
  for (int attempt = 1;; ++attempt) {
    const auto credentials = Credentials(call, transport);
    if (!credentials) return credentials.error();
    auto response = SendAws(call, transport, scope, &*credentials, request, action);
    const bool has_expired =
        !response && (response.error().code == "ExpiredToken" || response.error().code == "ExpiredTokenException");
    if (!has_expired || attempt > 1) return response;
    credentials_.Forget({}, *credentials);
  }
}

Result<AwsCredentials> AwsSession::Credentials(const Call& call, base::http::Transport& transport) {
  return credentials_.Get(call, {}, [&]() -> Result<connections::Expiring<AwsCredentials>> {
    const AwsEndpoint sts = Endpoint("sts");
    auto fetched = FetchAwsCredentials(call, {.http = transport, .url = sts.url, .region = sts.region}, settings_, environment_);
    if (!fetched) return std::move(fetched).error();
    const auto expires_at = fetched->expires;
    return connections::Expiring<AwsCredentials>{*std::move(fetched), expires_at};
  });
}

std::shared_ptr<AwsSession> SharedAwsSession(const AwsSettings& settings, base::SharedObjects& shared) {
  return shared.Get<AwsSession>(KeyOf(settings), [&] { return std::make_shared<AwsSession>(settings); });
}

}  // namespace engine::vendors::aws
