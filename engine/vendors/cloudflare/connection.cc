// SPDX-License-Identifier: MPL-2.0
// Cloudflare: an API token, or the account's e-mail address with its global key.
#include "engine/vendors/cloudflare/connection.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/vendors/cloudflare/vendor.h"

namespace engine::vendors::cloudflare {
namespace {

using base::Cat;
using base::ErrorKind;
using base::Json;
using connections::Blame;
using connections::BlameCredentials;
using connections::CheckEndpointUrl;
using connections::CheckHeaderSecret;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::FindLimiter;
using connections::GetEndpointUrl;
using connections::GetHeaderSecret;

constexpr std::string_view kWantsOne =
    "A connection has either `api_token`, or `email` and `api_key`. A token is better: it can be limited to one zone.";

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "api_token",
                      .secret = true,
                      .doc = "An API token with the permission *Zone / DNS / Edit* for the zones in question."},
    base::ConfigField{.name = "email", .doc = "The account's email address. Only together with `api_key`.", .identity = true},
    base::ConfigField{
        .name = "api_key",
        .secret = true,
        .doc = "The account's global API key, which may do everything. Only together with `email`; prefer `api_token`."},
    base::ConfigField{.name = "endpoint_url",
                      .default_value = kCloudflareUrl,
                      .doc = "The URL of the API, for a proxy or a test.",
                      .identity = true},
    connections::kAllowHttpField,
};

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  const bool has_email = !connection.settings.Text("email").empty();
  if (connection.settings.FindSecret("api_token") != nullptr) {
    if (connection.settings.FindSecret("api_key") != nullptr) problems.push_back({"api_key", std::string(kWantsOne)});
    if (has_email) problems.push_back({"email", std::string(kWantsOne)});
  } else if (!has_email && connection.settings.FindSecret("api_key") == nullptr) {
    problems.push_back({"api_token", std::string(kWantsOne)});
  } else {
    connections::CheckTogether(connection, {"email", "api_key"}, problems);
  }
  if (has_email && connection.settings.Text("email").find('@') == std::string_view::npos) {
    problems.push_back({"email", "Invalid email address. Expected a value such as `ops@example.com`."});
  }
  CheckHeaderSecret(connection, "api_token", problems);
  CheckHeaderSecret(connection, "api_key", problems);
  CheckEndpointUrl(connection, problems);
  return problems;
}

base::Result<void> CheckGlobalKey(const base::Call& call, const CloudflareApi& api) {
  auto user = api.Send(call, "GET", "/user");
  if (!user) return BlameCredentials(std::move(user).error(), "api_key").While("reading the user of the global key");
  return {};
}

base::Result<void> CheckToken(const base::Call& call, const CloudflareApi& api) {
  auto verified = api.Send(call, "GET", "/user/tokens/verify");
  if (!verified && verified.error().kind == ErrorKind::kDenied) {
    // A token that belongs to an account and to no user cannot be verified there, but it can ask for its zones.
    if (api.Send(call, "GET", "/zones?per_page=5")) return {};
  }
  if (!verified) return BlameCredentials(std::move(verified).error(), "api_token").While("verifying the API token");
  const Json* result = base::FindMember(*verified, "result");
  const std::string status = result == nullptr ? "" : base::FindString(*result, "status").value_or("");
  if (status == "active") return {};
  return base::Error{.kind = ErrorKind::kDenied,
                     .message = Cat("the API token is not active but \"", base::Printable(status, 40), "\""),
                     .blame = ConnectionField("api_token")};
}

base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto api = MakeCloudflareApi(connection, deps);
  if (!api) return api.error();
  return connection.settings.FindSecret("api_token") == nullptr ? CheckGlobalKey(call, *api) : CheckToken(call, *api);
}

}  // namespace

base::Result<CloudflareApi> MakeCloudflareApi(const Connection& connection, const Deps& deps) {
  auto url = GetEndpointUrl(connection, kCloudflareUrl);
  if (!url) return std::move(url).error();
  CloudflareKey key{.api_token = {}, .email = std::string(base::Trim(connection.settings.Text("email"))), .api_key = {}};
  const bool has_token = connection.settings.FindSecret("api_token") != nullptr;
  const bool has_key = connection.settings.FindSecret("api_key") != nullptr;
  if (has_token == has_key) return Blame("api_token", std::string(kWantsOne));
  if (has_key && key.email.empty()) return Blame("email", "api_key is set, but email is missing");
  auto secret = GetHeaderSecret(connection, has_token ? "api_token" : "api_key");
  if (!secret) return std::move(secret).error();
  (has_token ? key.api_token : key.api_key) = base::Secret(*std::move(secret));
  return CloudflareApi(*deps.http, *std::move(url), std::move(key), FindLimiter(connection, deps, kCloudflareRate));
}

const ConnectionSpec kConnection{
    .kind = "cloudflare",
    .title = "Cloudflare",
    .doc =
        "A Cloudflare account. An API token that may edit the DNS records of one zone is enough; the guide shows how to make it.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::cloudflare
