// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/vault/api.h"

#include <utility>

#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/url.h"

namespace engine::vendors::vault {
namespace {

using base::Call;
using base::Cat;
using base::DumpJson;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::FindStrings;
using base::Join;
using base::Json;
using base::ParseJsonObject;
using base::PercentEncode;
using base::ReadSmallFile;
using base::Result;
using base::Secret;
using base::Split;
using base::TimePoint;
using base::http::MakeApiError;
using base::http::ParseHeaderSecret;

bool IsGood(const base::http::Response& response) { return response.status >= 200 && response.status < 300; }

// Vault says what is wrong as {"errors": ["…"]}; nothing at all when a path holds nothing.
Error MakeVaultError(const base::http::Response& response, const Json& answer, TimePoint now) {
  Error error = MakeApiError("Vault", response, {.code = {}, .message = Join(FindStrings(answer, "errors"), "; ")}, now);
  if (error.message.find("check-and-set") != std::string::npos) error.kind = ErrorKind::kConflict;
  return error;
}

}  // namespace

VaultApi::VaultApi(std::shared_ptr<base::http::Transport> transport, std::string url, std::string vault_namespace,
                   VaultLogin login)
    : transport_(std::move(transport)), url_(std::move(url)), namespace_(std::move(vault_namespace)), login_(std::move(login)) {}

Result<std::optional<Json>> VaultApi::Read(const Call& call, std::string_view path) {
  const auto token = GetToken(call);
  if (!token) return token.error();
  const auto response = Send(call, "GET", path, {}, &*token);
  if (!response) return response.error();
  auto answer = ParseJsonObject(response->body);
  if (!answer) {
    if (!IsGood(*response)) return MakeVaultError(*response, {}, call.Now());
    return std::move(answer).error().While("reading Vault's answer");
  }
  const bool is_missing = response->status == 404;
  if (IsGood(*response) || (is_missing && FindMember(*answer, "data") != nullptr)) return std::optional(*std::move(answer));
  if (is_missing && FindStrings(*answer, "errors").empty()) return std::optional<Json>();
  return MakeVaultError(*response, *answer, call.Now());
}

Result<Json> VaultApi::Change(const Call& call, std::string_view method, std::string_view path, const Json& body) {
  const auto token = GetToken(call);
  if (!token) return token.error();
  const auto response = Send(call, method, path, body, &*token);
  if (!response) return response.error();
  if (IsGood(*response) && response->body.empty()) return Json();
  auto answer = ParseJsonObject(response->body);
  if (!IsGood(*response)) return MakeVaultError(*response, answer ? *answer : Json(), call.Now());
  if (!answer) return std::move(answer).error().While("reading Vault's answer");
  return answer;
}

Result<Secret> VaultApi::GetToken(const Call& call) {
  return token_.Get(call, {}, [&]() -> Result<connections::Expiring<Secret>> {
    auto token = LogIn(call);
    return token ? token : std::move(token).error().While(std::string(kLoggingIntoVault));
  });
}

void VaultApi::RevokeTokens(const Call& call) {
  const std::lock_guard lock(mutex_);
  for (const Secret& token : logged_in_) {
    const auto revoked = Send(call, "POST", "auth/token/revoke-self", {}, &token);
    if (!revoked || !IsGood(*revoked)) call.log.Debug("a token of Vault was not revoked", {{base::key::kPath, url_}});
  }
  logged_in_.clear();
}

Result<connections::Expiring<Secret>> VaultApi::LogIn(const Call& call) {
  if (login_.method == VaultLogin::Method::kToken) return connections::Expiring<Secret>{login_.secret};
  Secret proof = login_.secret;
  if (!login_.token_file.empty()) {
    const auto content = ReadSmallFile(login_.token_file);
    if (!content) return content.error();
    auto token = ParseHeaderSecret(content->Reveal());
    if (!token) return Error{ErrorKind::kInvalid, Cat(login_.token_file, " holds no token: ", token.error().message)};
    proof = Secret(*std::move(token));
  }
  using Method = VaultLogin::Method;
  const bool is_user = login_.method == Method::kUserpass || login_.method == Method::kLdap;
  Json body;
  if (login_.method == Method::kApprole) {
    body["role_id"] = login_.role;
    if (!proof.Reveal().empty()) body["secret_id"] = proof.Reveal();
  } else if (is_user) {
    body["password"] = proof.Reveal();
  } else if (login_.method == Method::kCertificate) {
    body["name"] = login_.role;
  } else {
    body["role"] = login_.role;
    body["jwt"] = proof.Reveal();
  }
  const std::string user = is_user ? Cat("/", PercentEncode(login_.role)) : "";
  const auto response = Send(call, "POST", Cat("auth/", EncodeVaultPath(login_.mount), "/login", user), body, nullptr);
  if (!response) return response.error();
  const auto answer = ParseJsonObject(response->body);
  if (!IsGood(*response)) {
    Error error = MakeVaultError(*response, answer ? *answer : Json(), call.Now());
    // An unknown role, a wrong secret id, a JWT of somebody else: all of them come as 400.
    if (error.kind == ErrorKind::kInvalid) error.kind = ErrorKind::kDenied;
    return error;
  }
  const Json* auth = answer ? FindMember(*answer, "auth") : nullptr;
  auto token = auth != nullptr ? FindString(*auth, "client_token") : std::nullopt;
  if (!token) return Error{ErrorKind::kProtocol, "Vault's answer has no auth.client_token"};
  connections::Expiring<Secret> login{Secret(*std::move(token))};
  // Zero: it does not expire. Otherwise a new one is fetched when a tenth of its time is left, as the cache is that much ahead.
  const std::int64_t lease = base::FindInteger(*auth, "lease_duration").value_or(0);
  if (lease > 0) login.expires_at = call.Now() + std::chrono::seconds(lease - lease / 10) + decltype(token_)::kRefreshAhead;
  const std::lock_guard lock(mutex_);
  logged_in_.push_back(login.value);
  return login;
}

Result<base::http::Response> VaultApi::Send(const Call& call, std::string_view method, std::string_view path, const Json& body,
                                            const Secret* token) const {
  base::http::Request request{.method = std::string(method),
                              .url = Cat(url_, "/v1/", path),
                              .headers = {{"Accept", "application/json"}, {"X-Vault-Request", "true"}}};
  if (token != nullptr) request.headers.push_back({"X-Vault-Token", std::string(token->Reveal())});
  if (!namespace_.empty()) request.headers.push_back({"X-Vault-Namespace", namespace_});
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = DumpJson(body);
  }
  return base::http::Fetch(call, *transport_, request);
}

std::string EncodeVaultPath(std::string_view path) {
  std::vector<std::string> parts = Split(path, '/');
  for (std::string& part : parts) part = PercentEncode(part);
  return Join(parts, "/");
}

}  // namespace engine::vendors::vault
