// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/sso.h"

#include <array>
#include <optional>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"
#include "engine/vendors/aws/auth/credentials_json.h"
#include "engine/vendors/aws/client.h"

namespace engine::vendors::aws::auth {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::Json;
using base::PercentEncode;
using base::Result;

constexpr AwsJsonNames kSsoNames{"accessKeyId", "secretAccessKey", "sessionToken", "expiration"};
constexpr AwsJsonNames kLoginNames{"accessKeyId", "secretAccessKey", "sessionToken", "expiresAt"};

Error BadProfile(std::string message) { return Error{ErrorKind::kInvalid, std::move(message)}; }

Error LoggedOut(std::string_view what, std::string_view command, std::string_view name) {
  return Error{ErrorKind::kDenied,
               Cat("the login of the profile \"", name, "\" ", what, ": run `aws ", command, " --profile ", name, "`")};
}

// The profile with what its sso_session says.
Result<AwsProfile> ResolveSession(const AwsConfig& config, const std::string& name) {
  AwsProfile profile = config.files.profiles.find(name)->second;
  if (const std::string session(FindSetting(profile, "sso_session")); !session.empty()) {
    const auto found = config.files.sso_sessions.find(session);
    if (found == config.files.sso_sessions.end()) {
      return BadProfile(
          Cat("the profile \"", name, "\" names the sso-session \"", session, "\", which is not in AWS's config file"));
    }
    for (const auto& [setting, value] : found->second) {
      if (profile.try_emplace(setting, value).first->second == value) continue;
      return BadProfile(Cat("the profile \"", name, "\" and its sso-session have different values of ", setting));
    }
  }
  for (const std::string_view setting : {"sso_start_url", "sso_region", "sso_account_id", "sso_role_name"}) {
    if (FindSetting(profile, setting).empty()) return BadProfile(Cat("the profile \"", name, "\" lacks ", setting));
  }
  return profile;
}

// A file below HOME that AWS's tools keep a login in; empty if there is none.
std::optional<Json> ReadLogin(const std::string& path) {
  const auto file = base::ReadSmallFile(path);
  if (!file) return std::nullopt;
  auto login = base::ParseJsonObject(file->Reveal());
  return login ? std::optional(*std::move(login)) : std::nullopt;
}

Result<std::string> ReadSsoToken(const Call& call, const AwsConfig& config, const AwsProfile& profile, const std::string& name) {
  const std::string_view session = FindSetting(profile, "sso_session");
  const std::string_view key = session.empty() ? FindSetting(profile, "sso_start_url") : session;
  const std::string file = base::Hex(base::crypto::Digest(base::crypto::Hash::kSha1, key));
  const auto login = ReadLogin(Cat(config.environment("HOME").value_or(""), "/.aws/sso/cache/", file, ".json"));
  auto token = login ? FindString(*login, "accessToken") : std::nullopt;
  const auto expires = base::ParseRfc3339(login ? FindString(*login, "expiresAt").value_or("") : "");
  if (!token || !expires) return LoggedOut("at IAM Identity Center is missing", "sso login", name);
  if (*expires <= call.Now()) return LoggedOut("at IAM Identity Center has expired", "sso login", name);
  return *std::move(token);
}

}  // namespace

bool UsesSso(const AwsProfile& profile) {
  for (const std::string_view setting : {"sso_account_id", "sso_role_name", "sso_session", "sso_start_url"}) {
    if (!FindSetting(profile, setting).empty()) return true;
  }
  return false;
}

Result<AwsCredentials> FetchSsoCredentials(const Call& call, base::http::Transport& transport, const AwsConfig& config,
                                           const std::string& name, const SsoEndpointFinder& find_endpoint) {
  const auto profile = ResolveSession(config, name);
  if (!profile) return profile.error();
  const std::string region(FindSetting(*profile, "sso_region"));
  if (!FindAwsRegionProblem(region).empty()) return BadProfile(Cat("the profile's sso_region, ", region, ", is no region"));
  const auto token = ReadSsoToken(call, config, *profile, name);
  if (!token) return token.error();
  const auto endpoint = find_endpoint(region);
  if (!endpoint) return endpoint.error();
  const base::http::Request request{
      .url = Cat(endpoint->url, "/federation/credentials?role_name=", PercentEncode(FindSetting(*profile, "sso_role_name")),
                 "&account_id=", PercentEncode(FindSetting(*profile, "sso_account_id"))),
      .headers = {{"x-amz-sso_bearer_token", *token}}};
  auto response =
      SendAws(call, transport, {.region = region, .service = "sso"}, nullptr, request, "the role of IAM Identity Center");
  if (!response) {
    if (response.error().code == "UnauthorizedException") {
      return LoggedOut("at IAM Identity Center is not accepted any more", "sso login", name);
    }
    return std::move(response).error();
  }
  const auto answer = base::ParseJsonObject(response->body);
  if (!answer) return answer.error();
  const Json* credentials = FindMember(*answer, "roleCredentials");
  if (credentials == nullptr) return Error{ErrorKind::kProtocol, "the answer of IAM Identity Center has no roleCredentials"};
  return ReadAwsCredentials(*credentials, kSsoNames);
}

Result<AwsCredentials> ReadLoginCredentials(const Call& call, const AwsConfig& config, const std::string& name) {
  const std::string_view session = FindSetting(config.files.profiles.find(name)->second, "login_session");
  const std::string folder =
      config.environment("AWS_LOGIN_CACHE_DIRECTORY").value_or(config.environment("HOME").value_or("") + "/.aws/login/cache");
  const auto login = ReadLogin(Cat(folder, "/", base::Hex(base::crypto::Sha256(session)), ".json"));
  const Json* token = login ? FindMember(*login, "accessToken") : nullptr;
  if (token == nullptr) return LoggedOut("is missing", "login", name);
  auto credentials = ReadAwsCredentials(*token, kLoginNames);
  if (credentials && credentials->expires && *credentials->expires <= call.Now()) {
    return LoggedOut("has expired", "login", name);
  }
  return credentials;
}

}  // namespace engine::vendors::aws::auth
