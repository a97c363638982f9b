// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/session.h"

#include <utility>

#include "base/crypto/digest.h"
#include "base/text.h"
#include "engine/connections/user_program.h"
#include "engine/vendors/aws/auth/credential_chain.h"
#include "engine/vendors/aws/auth/sts.h"
#include "engine/vendors/aws/client.h"

namespace engine::vendors::aws {
namespace {

using auth::AwsCredentials;
using auth::AwsRole;
using auth::AwsScope;
using auth::AwsSettings;
using base::Call;
using base::Cat;
using base::EnvironmentReader;
using base::Result;
using base::Secret;

// Every setting, so that no two sessions with different ones are taken for the same; a digest, since some are secret.
std::string KeyOf(const AwsSettings& settings) {
  const AwsRole role = settings.role.value_or(AwsRole{});
  std::string text;
  const auto add = [&](std::string_view part) { text.append(Cat(part.size(), ':', part)); };
  const auto add_all = [&](const std::vector<std::string>& parts) {
    add(std::to_string(parts.size()));
    for (const std::string& part : parts) add(part);
  };
  for (const std::string_view part :
       {std::string_view(settings.access_key_id), settings.secret_access_key.Reveal(), settings.session_token.Reveal(),
        std::string_view(settings.profile), std::string_view(settings.region), std::string_view(settings.endpoint_url),
        std::string_view(role.arn), std::string_view(role.external_id), std::string_view(role.session_name),
        std::string_view(role.source_identity), std::string_view(role.policy)}) {
    add(part);
  }
  add_all(settings.inherit_environment);
  add_all(role.policy_arns);
  add_all(role.transitive_tag_keys);
  for (const auto& [key, value] : role.tags) {
    add(key);
    add(value);
  }
  const Secret whole(Cat(text, role.duration.count()));
  base::Wipe(text);
  return base::crypto::Sha256(whole.Reveal());
}

auth::AwsProgramRunner MakeRunner(const AwsSettings& settings, const connections::Deps& deps) {
  if (!deps.allow_exec) return {};
  return [inherited = settings.inherit_environment, holds_sealing_key = deps.holds_sealing_key](
             const Call& call, std::vector<std::string> arguments) {
    return connections::RunUserProgram(
        call, {.arguments = std::move(arguments), .environment = {.variables = {}, .inherited = inherited}}, holds_sealing_key);
  };
}

}  // namespace

AwsSession::AwsSession(AwsSettings settings, EnvironmentReader environment, auth::AwsProgramRunner run)
    : settings_(std::move(settings)),
      environment_(std::move(environment)),
      run_(std::move(run)),
      config_(auth::WithoutKeys(auth::ReadAwsConfig(settings_, environment_))),
      region_(auth::FindAwsRegion(settings_, config_)) {}

Result<AwsEndpoint> AwsSession::Endpoint(std::string_view service, std::string_view region) const {
  return auth::FindConfiguredEndpoint(service, region.empty() ? region_ : region, settings_, config_);
}

Result<base::http::Response> AwsSession::Send(const Call& call, base::http::Transport& transport, std::string_view service,
                                              std::string_view region, base::http::Request request, std::string_view action) {
  const auto found = Endpoint(service, region);
  if (!found) return found.error();
  const AwsEndpoint& endpoint = *found;
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
    auto sts = Endpoint("sts");
    if (!sts) return std::move(sts).error();
    const auth::AwsSources sources{.sts = {.http = transport, .url = std::move(sts->url), .region = std::move(sts->region)},
                                   .find_sso = [this](const std::string& region) { return Endpoint("portal.sso", region); },
                                   .run = run_};
    auto fetched = auth::FetchAwsCredentials(call, sources, settings_, environment_);
    if (!fetched) return std::move(fetched).error();
    const auto expires_at = fetched->expires;
    return connections::Expiring<AwsCredentials>{*std::move(fetched), expires_at};
  });
}

std::shared_ptr<AwsSession> SharedAwsSession(const AwsSettings& settings, const connections::Deps& deps) {
  return deps.shared->Get<AwsSession>(
      KeyOf(settings), [&] { return std::make_shared<AwsSession>(settings, base::Environment, MakeRunner(settings, deps)); });
}

}  // namespace engine::vendors::aws
