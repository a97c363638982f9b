// SPDX-License-Identifier: MPL-2.0
// DigitalOcean: a personal access token.
#include "engine/vendors/digitalocean/connection.h"

#include <array>
#include <utility>

#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/vendors/digitalocean/vendor.h"

namespace engine::vendors::digitalocean {
namespace {

using connections::BlameCredentials;
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
    base::ConfigField{.name = "api_token",
                      .secret = true,
                      .doc = "A personal access token with the scopes `domain:read`, `domain:create` and `domain:delete`."},
    base::ConfigField{.name = "endpoint_url",
                      .default_value = kDigitaloceanUrl,
                      .doc = "The URL of the API, for a proxy or a test.",
                      .identity = true},
    connections::kAllowHttpField,
};

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  connections::CheckIsSet(connection, "api_token", problems);
  CheckHeaderSecret(connection, "api_token", problems);
  CheckEndpointUrl(connection, problems);
  return problems;
}

// Reading the account would need one scope more than the work does.
base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto api = MakeDigitaloceanApi(connection, deps);
  if (!api) return api.error();
  auto domains = api->Send(call, "GET", "/v2/domains?per_page=1");
  if (!domains) return BlameCredentials(std::move(domains).error(), "api_token").While("listing the domains of the account");
  return {};
}

}  // namespace

base::Result<DigitaloceanApi> MakeDigitaloceanApi(const Connection& connection, const Deps& deps) {
  auto url = GetEndpointUrl(connection, kDigitaloceanUrl);
  if (!url) return std::move(url).error();
  auto token = GetHeaderSecret(connection, "api_token");
  if (!token) return std::move(token).error();
  return DigitaloceanApi(*deps.http, *std::move(url), base::Secret(*std::move(token)),
                         FindLimiter(connection, deps, kDigitaloceanRate));
}

const ConnectionSpec kConnection{
    .kind = "digitalocean",
    .title = "DigitalOcean",
    .doc = "A DigitalOcean account, reached with a token that may read, create and delete DNS records.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::digitalocean
