// SPDX-License-Identifier: MPL-2.0
// DNS Made Easy: an API key with its secret key, in production or in the sandbox.
#include "engine/vendors/dns_made_easy/connection.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/vendors/dns_made_easy/vendor.h"

namespace engine::vendors::dns_made_easy {
namespace {

using connections::CheckEndpointUrl;
using connections::CheckHeaderSecret;
using connections::Connection;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::FindLimiter;
using connections::GetEndpointUrl;
using connections::GetHeaderSecret;

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "api_key", .secret = true, .doc = "The account's API key.", .identity = true},
    base::ConfigField{.name = "secret_key", .secret = true, .doc = "The secret key that goes with it."},
    base::ConfigField{.name = "sandbox",
                      .kind = base::FieldKind::kBool,
                      .default_value = "false",
                      .doc = "Whether the account is one of the sandbox, which has keys of its own.",
                      .identity = true},
    base::ConfigField{
        .name = "endpoint_url", .doc = "The URL of the API, for a proxy or a test; instead of `sandbox`.", .identity = true},
    connections::kAllowHttpField,
};

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  connections::CheckIsSet(connection, "api_key", problems);
  connections::CheckIsSet(connection, "secret_key", problems);
  CheckHeaderSecret(connection, "api_key", problems);
  CheckHeaderSecret(connection, "secret_key", problems);
  CheckEndpointUrl(connection, problems);
  if (connection.settings.Flag("sandbox") && !connection.settings.Text("endpoint_url").empty()) {
    problems.push_back({"endpoint_url", "With an `endpoint_url`, leave `sandbox` out: the URL says where the account is."});
  }
  return problems;
}

base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto api = MakeDnsMadeEasyApi(connection, deps);
  if (!api) return api.error();
  auto domains = api->Send(call, "GET", "/dns/managed/");
  if (domains) return {};
  return std::move(domains).error().While("listing the account's domains");
}

}  // namespace

base::Result<DnsMadeEasyApi> MakeDnsMadeEasyApi(const Connection& connection, const Deps& deps) {
  const bool is_sandbox = connection.settings.Flag("sandbox");
  auto url = GetEndpointUrl(connection, is_sandbox ? kDnsMadeEasySandboxUrl : kDnsMadeEasyUrl);
  if (!url) return std::move(url).error();
  auto key = GetHeaderSecret(connection, "api_key");
  if (!key) return std::move(key).error();
  auto secret = GetHeaderSecret(connection, "secret_key");
  if (!secret) return std::move(secret).error();
  return DnsMadeEasyApi(*deps.http, *std::move(url), {.api_key = *std::move(key), .secret_key = base::Secret(*std::move(secret))},
                        FindLimiter(connection, deps, kDnsMadeEasyRate));
}

const ConnectionSpec kConnection{
    .kind = "dns_made_easy",
    .title = "DNS Made Easy",
    .doc = "An account at DNS Made Easy, or at its sandbox.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::dns_made_easy
