// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/identity.h"

#include <array>
#include <map>
#include <utility>

#include "base/crypto/digest.h"
#include "base/http/api_error.h"
#include "base/http/plain_http.h"
#include "base/json.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/url.h"

namespace engine::vendors::google {
namespace {

using base::Cat;
using base::EnvironmentReader;
using base::Error;
using base::ErrorKind;
using base::FindInteger;
using base::FindMember;
using base::FindString;
using base::Json;
using base::ParseJsonObject;
using base::Printable;
using base::Result;
using base::Secret;

constexpr std::string_view kUniverse = "googleapis.com";
constexpr std::string_view kUsualTokenUrl = "https://oauth2.googleapis.com/token";

Error BadCredentials(std::string message) { return Error{ErrorKind::kInvalid, std::move(message)}; }

// Who reads what is sent there can act as the account.
Result<void> CheckTokenUrl(std::string_view name, std::string_view text) {
  const auto url = base::ParseUrl(text);
  const auto fine = url ? base::http::CheckPlainHttp(*url, base::http::PlainHttp::kLoopback) : Result<void>(url.error());
  if (!fine) return BadCredentials(Cat("the credentials' ", name, " cannot be used: ", fine.error().message));
  return {};
}

Result<GoogleServiceAccount> ParseServiceAccount(const Json& json) {
  const auto email = FindString(json, "client_email");
  const auto pem = FindString(json, "private_key");
  if (!email || !pem) return BadCredentials("the service account's key lacks client_email or private_key");
  auto key = base::crypto::ParsePrivateKey(Secret(*pem));
  if (!key) return BadCredentials(Cat("the service account's private_key cannot be read: ", key.error().message));
  std::string token_url = FindString(json, "token_uri").value_or(std::string(kUsualTokenUrl));
  if (auto fine = CheckTokenUrl("token_uri", token_url); !fine) return std::move(fine).error();
  return GoogleServiceAccount{.email = *email,
                              .key_id = FindString(json, "private_key_id").value_or(""),
                              .token_url = std::move(token_url),
                              .key = *std::move(key)};
}

Result<GoogleUser> ParseUser(const Json& json) {
  const auto id = FindString(json, "client_id");
  const auto secret = FindString(json, "client_secret");
  const auto token = FindString(json, "refresh_token");
  if (!id || !secret || !token) return BadCredentials("the user's credentials lack client_id, client_secret or refresh_token");
  return GoogleUser{.client_id = *id, .client_secret = Secret(*secret), .refresh_token = Secret(*token)};
}

// Null if it is a file or a URL.
const char* FindUnsupportedSource(const Json& source) {
  if (FindMember(source, "environment_id") != nullptr) return "AWS";
  if (FindMember(source, "executable") != nullptr) return "a program (executable)";
  return FindMember(source, "certificate") != nullptr ? "a client certificate" : nullptr;
}

Result<GoogleFederation> ParseFederation(const Json& json) {
  const Json* source = FindMember(json, "credential_source");
  const auto audience = FindString(json, "audience");
  const auto type = FindString(json, "subject_token_type");
  const auto token_url = FindString(json, "token_url");
  if (source == nullptr || !audience || !type || !token_url) {
    return BadCredentials("the federation lacks audience, subject_token_type, token_url or credential_source");
  }
  if (const char* kind = FindUnsupportedSource(*source)) {
    return BadCredentials(Cat("the federation's credential_source is ", kind,
                              ", which is not supported: have the token written into a file, and name it as `file`"));
  }
  GoogleFederation federation{.audience = *audience,
                              .subject_token_type = *type,
                              .token_url = *token_url,
                              .client_id = FindString(json, "client_id").value_or(""),
                              .client_secret = Secret(FindString(json, "client_secret").value_or("")),
                              .user_project = FindString(json, "workforce_pool_user_project").value_or(""),
                              .file = FindString(*source, "file").value_or(""),
                              .url = FindString(*source, "url").value_or(""),
                              .headers = {},
                              .token_member = {}};
  if (!federation.user_project.empty() && audience->find("/workforcePools/") == std::string::npos) {
    return BadCredentials("the federation has workforce_pool_user_project, but its audience is no workforce pool");
  }
  if (federation.file.empty() && federation.url.empty()) {
    return BadCredentials("the federation's credential_source is neither a file nor a url; others are not supported");
  }
  const std::array<std::pair<std::string_view, std::string_view>, 2> urls{
      {{"token_url", federation.token_url}, {"credential_source.url", federation.url}}};
  for (const auto& [name, url] : urls) {
    if (url.empty()) continue;
    if (auto fine = CheckTokenUrl(name, url); !fine) return std::move(fine).error();
  }
  if (const Json* headers = FindMember(*source, "headers"); headers != nullptr && headers->is_object()) {
    for (const auto& [name, value] : headers->items()) {
      if (value.is_string()) federation.headers.push_back({name, value.get<std::string>()});
    }
  }
  if (const Json* format = FindMember(*source, "format"); format != nullptr && FindString(*format, "type") == "json") {
    federation.token_member = FindString(*format, "subject_token_field_name").value_or("");
  }
  return federation;
}

// That of the file's service_account_impersonation_url; empty if it has none.
Result<std::optional<GoogleImpersonation>> ParseImpersonation(const Json& json) {
  constexpr std::string_view kName = "service_account_impersonation_url";
  const std::string url = FindString(json, kName).value_or("");
  if (url.empty()) return std::optional<GoogleImpersonation>();
  if (auto fine = CheckTokenUrl(kName, url); !fine) return std::move(fine).error();
  GoogleImpersonation impersonation{.url = url, .delegates = base::FindStrings(json, "delegates")};
  if (const Json* options = FindMember(json, "service_account_impersonation")) {
    const auto lifetime = FindInteger(*options, "token_lifetime_seconds");
    if (lifetime) impersonation.lifetime = std::chrono::seconds(*lifetime);
  }
  return std::optional(std::move(impersonation));
}

Result<void> CheckUniverse(std::string_view universe) {
  if (universe.empty() || universe == kUniverse) return {};
  return BadCredentials(
      Cat("the credentials are of the universe ", Printable(universe, 100), ", and only ", kUniverse, " is supported"));
}

// By the file's `type`, but for impersonated_service_account.
Result<void> ParseBase(const Json& json, GoogleIdentity& identity) {
  const std::string type = FindString(json, "type").value_or("");
  if (type == "service_account") {
    auto account = ParseServiceAccount(json);
    if (!account) return std::move(account).error();
    identity.service_account = *std::move(account);
  } else if (type == "authorized_user") {
    auto user = ParseUser(json);
    if (!user) return std::move(user).error();
    identity.user = *std::move(user);
  } else if (type == "external_account") {
    auto federation = ParseFederation(json);
    if (!federation) return std::move(federation).error();
    identity.federation = *std::move(federation);
  } else {
    return BadCredentials(Cat("credentials of the type \"", Printable(type, 40),
                              "\" are not supported; there are service_account, authorized_user, external_account and "
                              "impersonated_service_account"));
  }
  return {};
}

Result<GoogleIdentity> ReadIdentityFile(const std::string& path) {
  const auto content = base::ReadSmallFile(path);
  if (!content) return content.error();
  return ParseGoogleCredentials(*content);
}

Result<GoogleIdentity> ReadIdentity(const std::string& path_or_content) {
  if (base::Trim(path_or_content).starts_with('{')) return ParseGoogleCredentials(Secret(path_or_content));
  return ReadIdentityFile(path_or_content);
}

Result<GoogleIdentity> FindMachine(const EnvironmentReader& environment) {
  GoogleIdentity identity;
  if (environment("NO_GCE_CHECK") == "true") {
    return BadCredentials(
        "no Google credentials found: none are given, neither the environment nor gcloud has any, and NO_GCE_CHECK "
        "says that this is no machine at Google");
  }
  const std::string mode = environment("GCE_METADATA_MTLS_MODE").value_or("");
  if (mode == "strict")
    return BadCredentials("GCE_METADATA_MTLS_MODE=strict is not supported: the metadata server is asked by HTTP");
  for (const char* variable : {"GCE_METADATA_ROOT", "GCE_METADATA_HOST"}) {
    if (auto host = environment(variable)) identity.metadata_host = *std::move(host);
  }
  identity.digest = Cat("machine:", identity.metadata_host);
  return identity;
}

}  // namespace

Result<GoogleIdentity> ParseGoogleCredentials(const Secret& text) {
  auto json = ParseJsonObject(text.Reveal());
  if (!json) return BadCredentials("the credentials are no JSON object; give the key file's contents");
  if (auto fine = CheckUniverse(FindString(*json, "universe_domain").value_or("")); !fine) return std::move(fine).error();
  GoogleIdentity identity{.project = FindString(*json, "project_id").value_or(""),
                          .quota_project = FindString(*json, "quota_project_id").value_or(""),
                          .digest = base::crypto::Sha256(text.Reveal())};
  auto impersonation = ParseImpersonation(*json);
  if (!impersonation) return std::move(impersonation).error();
  identity.impersonation = *std::move(impersonation);
  const bool is_impersonated = FindString(*json, "type") == "impersonated_service_account";
  const Json* source = is_impersonated ? FindMember(*json, "source_credentials") : &*json;
  if (source == nullptr || (is_impersonated && !identity.impersonation)) {
    return BadCredentials("the impersonated service account lacks source_credentials or service_account_impersonation_url");
  }
  if (auto parsed = ParseBase(*source, identity); !parsed) return std::move(parsed).error();
  return identity;
}

Result<GoogleIdentity> MakeAccessTokenIdentity(const Secret& token) {
  auto parsed = base::http::ParseHeaderSecret(token.Reveal());
  if (!parsed) return BadCredentials(Cat("the access token cannot be right: ", parsed.error().message));
  GoogleIdentity identity;
  identity.digest = base::crypto::Sha256(*parsed);
  identity.access_token = Secret(*std::move(parsed));
  return identity;
}

Result<GoogleIdentity> FindAmbientIdentity(const EnvironmentReader& environment) {
  if (auto fine = CheckUniverse(environment("GOOGLE_CLOUD_UNIVERSE_DOMAIN").value_or("")); !fine) return std::move(fine).error();
  const auto from = [](Result<GoogleIdentity> identity, std::string_view source) -> Result<GoogleIdentity> {
    if (identity) return identity;
    return BadCredentials(Cat(source, ": ", identity.error().message));
  };
  if (const auto token = environment("GOOGLE_OAUTH_ACCESS_TOKEN")) {
    return from(MakeAccessTokenIdentity(Secret(*token)), "GOOGLE_OAUTH_ACCESS_TOKEN");
  }
  for (const char* variable : {"GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON"}) {
    if (const auto value = environment(variable)) return from(ReadIdentity(*value), variable);
  }
  if (const auto path = environment("GOOGLE_APPLICATION_CREDENTIALS")) {
    return from(ReadIdentityFile(*path), "GOOGLE_APPLICATION_CREDENTIALS");
  }
  const std::string folder = environment("CLOUDSDK_CONFIG").value_or(environment("HOME").value_or("") + "/.config/gcloud");
  const std::string path = folder + "/application_default_credentials.json";
  if (const auto content = base::ReadSmallFile(path)) return from(ParseGoogleCredentials(*content), path);
  return FindMachine(environment);
}

std::string FindAmbientProject(const EnvironmentReader& environment) {
  for (const char* variable : {"GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"}) {
    if (auto project = environment(variable)) return *std::move(project);
  }
  return "";
}

}  // namespace engine::vendors::google
