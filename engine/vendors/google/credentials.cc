// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/credentials.h"

#include <array>
#include <map>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/http/plain_http.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"

namespace engine::vendors::google {
namespace {

using base::Base64Url;
using base::Call;
using base::Cat;
using base::DumpJson;
using base::Error;
using base::ErrorKind;
using base::FindInteger;
using base::FindMember;
using base::FindString;
using base::GetString;
using base::Join;
using base::Json;
using base::ParseJsonObject;
using base::ParseRfc3339;
using base::PercentEncode;
using base::Printable;
using base::Result;
using base::Secret;
using base::TimePoint;
using base::Trim;
using base::http::Complaint;
using base::http::MakeApiError;

constexpr std::string_view kTokenUrl = "https://oauth2.googleapis.com/token";
constexpr std::string_view kImpersonationUrl = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";
constexpr std::string_view kMachineUrl =
    "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token";
constexpr std::chrono::seconds kLifetime{3600};

Error Wrong(std::string message) { return Error{ErrorKind::kInvalid, std::move(message)}; }

// Who reads what is sent there can act as the account.
Result<void> CheckTokenUrl(std::string_view name, std::string_view text) {
  const auto url = base::ParseUrl(text);
  const auto fine = url ? base::http::CheckPlainHttp(*url, base::http::PlainHttp::kLoopback) : Result<void>(url.error());
  if (!fine) return Wrong(Cat("the credentials' ", name, " cannot be used: ", fine.error().message));
  return {};
}

Result<GoogleServiceAccount> ParseServiceAccount(const Json& json) {
  const auto email = FindString(json, "client_email");
  const auto pem = FindString(json, "private_key");
  if (!email || !pem) return Wrong("the service account's key lacks client_email or private_key");
  auto key = base::crypto::ParsePrivateKey(Secret(*pem));
  if (!key) return Wrong(Cat("the service account's private_key cannot be read: ", key.error().message));
  std::string token_url = FindString(json, "token_uri").value_or(std::string(kTokenUrl));
  if (auto fine = CheckTokenUrl("token_uri", token_url); !fine) return std::move(fine).error();
  return GoogleServiceAccount{.email = *email,
                              .key_id = FindString(json, "private_key_id").value_or(""),
                              .token_url = std::move(token_url),
                              .key = *std::move(key)};
}

Result<GoogleFederation> ParseFederation(const Json& json) {
  const Json* source = FindMember(json, "credential_source");
  const auto audience = FindString(json, "audience");
  const auto type = FindString(json, "subject_token_type");
  const auto token_url = FindString(json, "token_url");
  if (source == nullptr || !audience || !type || !token_url) {
    return Wrong("the federation lacks audience, subject_token_type, token_url or credential_source");
  }
  GoogleFederation federation{.audience = *audience,
                              .subject_token_type = *type,
                              .token_url = *token_url,
                              .impersonation_url = FindString(json, "service_account_impersonation_url").value_or(""),
                              .file = FindString(*source, "file").value_or(""),
                              .url = FindString(*source, "url").value_or(""),
                              .headers = {},
                              .token_member = {}};
  if (federation.file.empty() && federation.url.empty()) {
    return Wrong("the federation's credential_source is neither a file nor a url; others are not supported");
  }
  const std::array<std::pair<std::string_view, std::string_view>, 3> urls{
      {{"token_url", federation.token_url},
       {"service_account_impersonation_url", federation.impersonation_url},
       {"credential_source.url", federation.url}}};
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

// {"error": {"status", "message"}} of APIs, {"error", "error_description"} of token servers (RFC 6749 section 5.2).
Error ToError(const base::http::Response& response, std::string_view who, TimePoint now) {
  const auto answer = ParseJsonObject(response.body);
  Complaint complaint;
  if (answer) {
    const Json* error = FindMember(*answer, "error");
    complaint = error != nullptr && error->is_object()
                    ? Complaint{FindString(*error, "status").value_or(""), FindString(*error, "message").value_or("")}
                    : Complaint{FindString(*answer, "error").value_or(""), FindString(*answer, "error_description").value_or("")};
  }
  Error made = MakeApiError(who, response, complaint, now);
  if (complaint.code == "invalid_grant" || complaint.code == "invalid_client" || complaint.code == "unauthorized_client") {
    made.kind = ErrorKind::kDenied;
  }
  return made;
}

Result<Json> Ask(const Call& call, base::http::Transport& transport, const base::http::Request& request, std::string_view who) {
  const auto response = base::http::Fetch(call, transport, request);
  if (!response) return response.error();
  if (response->status != 200) return ToError(*response, who, call.Now());
  auto answer = ParseJsonObject(response->body);
  if (!answer) return std::move(answer).error().While(Cat("reading the answer of ", who));
  return answer;
}

base::http::Request FormPost(const std::string& url, const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : fields) pairs.push_back(Cat(name, "=", PercentEncode(value)));
  return {.method = "POST",
          .url = url,
          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
          .body = Join(pairs, "&")};
}

}  // namespace

Result<GoogleIdentity> ParseGoogleCredentials(const Secret& text) {
  const auto json = ParseJsonObject(text.Reveal());
  if (!json) return Wrong("the credentials are no JSON object; give the key file's contents");
  GoogleIdentity identity{.project = FindString(*json, "project_id").value_or("")};
  const std::string type = FindString(*json, "type").value_or("");
  if (type == "service_account") {
    auto account = ParseServiceAccount(*json);
    if (!account) return std::move(account).error();
    identity.service_account = *std::move(account);
  } else if (type == "external_account") {
    auto federation = ParseFederation(*json);
    if (!federation) return std::move(federation).error();
    identity.federation = *std::move(federation);
  } else {
    return Wrong(Cat("credentials of the type \"", Printable(type, 40),
                     "\" are not supported; there are service_account and external_account"));
  }
  return identity;
}

Result<Secret> GoogleCredentials::GetToken(const Call& call, base::http::Transport& transport) {
  return token_.Get(call, {}, [&]() -> Result<Token> {
    auto token = Fetch(call, transport);
    if (!token) return std::move(token).error().While("getting an access token from Google");
    return token;
  });
}

void GoogleCredentials::Forget(const Secret& token) { token_.Forget({}, token); }

// A token that is only to impersonate must be one for any API.
std::string_view GoogleCredentials::SourceScope() const { return impersonate_.empty() ? std::string_view(scope_) : kAnyScope; }

Result<GoogleCredentials::Token> GoogleCredentials::Fetch(const Call& call, base::http::Transport& transport) const {
  auto token = identity_.service_account ? FetchByKey(call, transport, *identity_.service_account)
               : identity_.federation    ? FetchByFederation(call, transport, *identity_.federation)
                                         : FetchFromMachine(call, transport);
  if (!token || impersonate_.empty()) return token;
  return Impersonate(call, transport, Cat(kImpersonationUrl, PercentEncode(impersonate_), ":generateAccessToken"), *token);
}

// RFC 7523 section 2.1.
Result<GoogleCredentials::Token> GoogleCredentials::FetchByKey(const Call& call, base::http::Transport& transport,
                                                               const GoogleServiceAccount& account) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(call.Now().time_since_epoch());
  Json header{{"alg", base::crypto::JwsAlgorithm(account.key)}, {"typ", "JWT"}};
  if (!account.key_id.empty()) header["kid"] = account.key_id;
  const Json claims{{"iss", account.email},
                    {"scope", SourceScope()},
                    {"aud", account.token_url},
                    {"iat", now.count()},
                    {"exp", (now + kLifetime).count()}};
  const std::string signed_part = Cat(Base64Url(DumpJson(header)), ".", Base64Url(DumpJson(claims)));
  const auto signature = base::crypto::SignJws(account.key, signed_part);
  if (!signature) return signature.error();
  const std::string assertion = Cat(signed_part, ".", Base64Url(*signature));
  const auto answer =
      Ask(call, transport,
          FormPost(account.token_url, {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}}),
          "Google's token server");
  if (!answer) return answer.error();
  auto token = GetString(*answer, "access_token");
  if (!token) return std::move(token).error();
  return Token{Secret(*std::move(token)), call.Now() + std::chrono::seconds(FindInteger(*answer, "expires_in").value_or(0))};
}

// RFC 8693 section 2.1.
Result<GoogleCredentials::Token> GoogleCredentials::FetchByFederation(const Call& call, base::http::Transport& transport,
                                                                      const GoogleFederation& federation) const {
  const auto subject = ReadForeignToken(call, transport, federation);
  if (!subject) return subject.error();
  const std::string_view scope = federation.impersonation_url.empty() ? SourceScope() : kAnyScope;
  const auto answer =
      Ask(call, transport,
          FormPost(federation.token_url, {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                                          {"audience", federation.audience},
                                          {"scope", scope},
                                          {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"},
                                          {"subject_token_type", federation.subject_token_type},
                                          {"subject_token", subject->Reveal()}}),
          "Google's token exchange");
  if (!answer) return answer.error();
  auto text = GetString(*answer, "access_token");
  if (!text) return std::move(text).error();
  Token token{Secret(*std::move(text)), call.Now() + std::chrono::seconds(FindInteger(*answer, "expires_in").value_or(0))};
  return federation.impersonation_url.empty() ? Result<Token>(std::move(token))
                                              : Impersonate(call, transport, federation.impersonation_url, token);
}

// https://cloud.google.com/compute/docs/access/authenticate-workloads
Result<GoogleCredentials::Token> GoogleCredentials::FetchFromMachine(const Call& call, base::http::Transport& transport) const {
  const base::http::Request request{.url = Cat(kMachineUrl, "?scopes=", PercentEncode(SourceScope())),
                                    .headers = {{"Metadata-Flavor", "Google"}},
                                    .proxies = base::http::Proxies::kBypassed};
  const auto answer = Ask(call, transport, request, "the machine's metadata server");
  if (!answer) {
    Error error = answer.error();
    error.message.append("; without credentials_json this works on machines at Google only");
    return error;
  }
  auto token = GetString(*answer, "access_token");
  if (!token) return std::move(token).error();
  return Token{Secret(*std::move(token)), call.Now() + std::chrono::seconds(FindInteger(*answer, "expires_in").value_or(0))};
}

Result<GoogleCredentials::Token> GoogleCredentials::Impersonate(const Call& call, base::http::Transport& transport,
                                                                const std::string& url, const Token& token) const {
  // Of two impersonations in a row the first serves the second.
  const bool is_last = impersonate_.empty() || url.starts_with(Cat(kImpersonationUrl, PercentEncode(impersonate_), ":"));
  const Json body{{"scope", Json::array({is_last ? std::string_view(scope_) : kAnyScope})},
                  {"lifetime", Cat(kLifetime.count(), "s")}};
  const base::http::Request request{
      .method = "POST",
      .url = url,
      .headers = {{"Authorization", Cat("Bearer ", token.value.Reveal())}, {"Content-Type", "application/json"}},
      .body = DumpJson(body)};
  auto answer = Ask(call, transport, request, "Google's IAM");
  if (!answer) return std::move(answer).error().While("impersonating the service account");
  auto text = GetString(*answer, "accessToken");
  if (!text) return std::move(text).error();
  const auto expires_at = ParseRfc3339(FindString(*answer, "expireTime").value_or(""));
  return Token{Secret(*std::move(text)), expires_at.value_or(call.Now())};
}

Result<Secret> GoogleCredentials::ReadForeignToken(const Call& call, base::http::Transport& transport,
                                                   const GoogleFederation& federation) const {
  Secret text;
  if (!federation.file.empty()) {
    auto file = base::ReadSmallFile(federation.file);
    if (!file) return Wrong(Cat("the token file ", federation.file, " cannot be read"));
    text = *std::move(file);
  } else {
    const base::http::Request request{.url = federation.url, .headers = federation.headers};
    const auto response = base::http::Fetch(call, transport, request);
    if (!response) return response.error();
    if (response->status != 200) return MakeApiError("the server of the foreign token", *response, {}, call.Now());
    text = Secret(response->body);
  }
  if (federation.token_member.empty()) return Secret(std::string(Trim(text.Reveal())));
  const auto json = ParseJsonObject(text.Reveal());
  const auto token = json ? FindString(*json, federation.token_member) : std::nullopt;
  if (!token) return Wrong(Cat("the foreign token's JSON lacks ", federation.token_member));
  return Secret(*token);
}

std::shared_ptr<GoogleCredentials> SharedGoogleCredentials(const Secret& json, GoogleIdentity identity, std::string impersonate,
                                                           std::string scope, base::SharedObjects& shared) {
  const Secret whole(Cat(impersonate.size(), ':', impersonate, scope.size(), ':', scope, json.Reveal()));
  return shared.Get<GoogleCredentials>(base::crypto::Sha256(whole.Reveal()), [&] {
    return std::make_shared<GoogleCredentials>(std::move(identity), std::move(impersonate), std::move(scope));
  });
}

}  // namespace engine::vendors::google
