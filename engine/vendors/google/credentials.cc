// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/credentials.h"

#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/json.h"
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
using base::Result;
using base::Secret;
using base::TimePoint;
using base::Trim;
using base::http::Complaint;
using base::http::MakeApiError;

constexpr std::string_view kTokenUrl = "https://oauth2.googleapis.com/token";
constexpr std::string_view kImpersonationUrl = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";
constexpr std::string_view kMachinePath = "/computeMetadata/v1/instance/service-accounts/default/token";
constexpr std::chrono::seconds kLifetime{3600};

Error Wrong(std::string message) { return Error{ErrorKind::kInvalid, std::move(message)}; }

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

// RFC 6749 section 5.1.
Result<connections::Expiring<Secret>> AskForToken(const Call& call, base::http::Transport& transport,
                                                  const base::http::Request& request, std::string_view who) {
  const auto answer = Ask(call, transport, request, who);
  if (!answer) return answer.error();
  auto token = GetString(*answer, "access_token");
  if (!token) return std::move(token).error();
  const std::chrono::seconds lifetime(FindInteger(*answer, "expires_in").value_or(0));
  return connections::Expiring<Secret>{Secret(*std::move(token)), call.Now() + lifetime};
}

}  // namespace

Result<Secret> GoogleCredentials::GetToken(const Call& call, base::http::Transport& transport) {
  return token_.Get(call, {}, [&]() -> Result<Token> {
    auto token = Fetch(call, transport);
    if (!token) return std::move(token).error().While("getting an access token from Google");
    return token;
  });
}

void GoogleCredentials::Forget(const Secret& token) { token_.Forget({}, token); }

// A token that is only to impersonate must be one for any API.
std::string_view GoogleCredentials::SourceScope() const {
  return impersonate_.empty() && !identity_.impersonation ? std::string_view(scope_) : kAnyScope;
}

Result<GoogleCredentials::Token> GoogleCredentials::Fetch(const Call& call, base::http::Transport& transport) const {
  auto token = FetchOwn(call, transport);
  // Of two impersonations in a row the first serves the second.
  if (token && identity_.impersonation) {
    token = Impersonate(call, transport, *identity_.impersonation, impersonate_.empty() ? scope_ : kAnyScope, *token);
  }
  if (!token || impersonate_.empty()) return token;
  const GoogleImpersonation impersonation{.url = Cat(kImpersonationUrl, PercentEncode(impersonate_), ":generateAccessToken")};
  return Impersonate(call, transport, impersonation, scope_, *token);
}

Result<GoogleCredentials::Token> GoogleCredentials::FetchOwn(const Call& call, base::http::Transport& transport) const {
  if (identity_.access_token) return Token{*identity_.access_token};
  if (identity_.service_account) return FetchByKey(call, transport, *identity_.service_account);
  if (identity_.user) return FetchByRefreshToken(call, transport, *identity_.user);
  return identity_.federation ? FetchByFederation(call, transport, *identity_.federation) : FetchFromMachine(call, transport);
}

// RFC 6749 section 6.
Result<GoogleCredentials::Token> GoogleCredentials::FetchByRefreshToken(const Call& call, base::http::Transport& transport,
                                                                        const GoogleUser& user) const {
  return AskForToken(call, transport,
                     FormPost(std::string(kTokenUrl), {{"grant_type", "refresh_token"},
                                                       {"client_id", user.client_id},
                                                       {"client_secret", user.client_secret.Reveal()},
                                                       {"refresh_token", user.refresh_token.Reveal()}}),
                     "Google's token server");
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
  return AskForToken(
      call, transport,
      FormPost(account.token_url, {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", assertion}}),
      "Google's token server");
}

// RFC 8693 section 2.1.
Result<GoogleCredentials::Token> GoogleCredentials::FetchByFederation(const Call& call, base::http::Transport& transport,
                                                                      const GoogleFederation& federation) const {
  const auto subject = ReadForeignToken(call, transport, federation);
  if (!subject) return subject.error();
  std::vector<std::pair<std::string_view, std::string_view>> fields{
      {"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
      {"audience", federation.audience},
      {"scope", SourceScope()},
      {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"},
      {"subject_token_type", federation.subject_token_type},
      {"subject_token", subject->Reveal()}};
  // An OAuth client says by itself which project it is of.
  const std::string options = DumpJson({{"userProject", federation.user_project}});
  if (!federation.user_project.empty() && federation.client_id.empty()) fields.emplace_back("options", options);
  base::http::Request request = FormPost(federation.token_url, fields);
  if (!federation.client_id.empty()) {
    const Secret pair(Cat(federation.client_id, ":", federation.client_secret.Reveal()));
    request.headers.push_back({"Authorization", Cat("Basic ", base::Base64(pair.Reveal()))});
  }
  return AskForToken(call, transport, request, "Google's token exchange");
}

// https://cloud.google.com/compute/docs/access/authenticate-workloads
Result<GoogleCredentials::Token> GoogleCredentials::FetchFromMachine(const Call& call, base::http::Transport& transport) const {
  const base::http::Request request{
      .url = Cat("http://", identity_.metadata_host, kMachinePath, "?scopes=", PercentEncode(SourceScope())),
      .headers = {{"Metadata-Flavor", "Google"}},
      .proxies = base::http::Proxies::kBypassed};
  auto token = AskForToken(call, transport, request, "the machine's metadata server");
  if (token) return token;
  Error error = std::move(token).error();
  error.message.append(
      "; without credentials in the configuration, the environment or gcloud's file, this works on machines at "
      "Google only");
  return error;
}

Result<GoogleCredentials::Token> GoogleCredentials::Impersonate(const Call& call, base::http::Transport& transport,
                                                                const GoogleImpersonation& impersonation, std::string_view scope,
                                                                const Token& token) const {
  Json body{{"scope", Json::array({scope})}, {"lifetime", Cat(impersonation.lifetime.count(), "s")}};
  if (!impersonation.delegates.empty()) body["delegates"] = impersonation.delegates;
  const base::http::Request request{
      .method = "POST",
      .url = impersonation.url,
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

std::shared_ptr<GoogleCredentials> SharedGoogleCredentials(GoogleIdentity identity, std::string impersonate, std::string scope,
                                                           base::SharedObjects& shared) {
  const std::string whole = Cat(impersonate.size(), ':', impersonate, scope.size(), ':', scope, identity.digest);
  return shared.Get<GoogleCredentials>(base::crypto::Sha256(whole), [&] {
    return std::make_shared<GoogleCredentials>(std::move(identity), std::move(impersonate), std::move(scope));
  });
}

}  // namespace engine::vendors::google
