// SPDX-License-Identifier: MPL-2.0
// GoDaddy: an API key and its secret, which are sent together.
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/connections/token_connection.h"
#include "engine/vendors/godaddy/vendor.h"

namespace engine::vendors::godaddy {
namespace {

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "api_key",
                      .secret = true,
                      .doc = "A production API key. Default: the environment variable `GODADDY_API_KEY`, wherever the connection "
                             "is used."},
    base::ConfigField{.name = "api_secret",
                      .secret = true,
                      .doc = "The secret of the key. Default: the environment variable `GODADDY_API_SECRET`."},
    connections::EndpointField(kApi.url),
    connections::kAllowHttpField,
};

std::vector<connections::FieldProblem> Validate(const connections::Connection& connection) {
  std::vector<connections::FieldProblem> problems;
  for (const char* field : {"api_key", "api_secret"}) connections::CheckHeaderSecret(connection, field, problems);
  connections::CheckEndpointUrl(connection, problems);
  return problems;
}

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  const auto api = MakeGodaddyApi(connection, deps);
  if (!api) return api.error();
  auto domains = api->Send(call, "GET", "/domains?limit=1");
  if (!domains)
    return connections::BlameCredentials(std::move(domains).error(), "api_key").While("listing a domain of the account");
  return {};
}

}  // namespace

base::Result<connections::RestApi> MakeGodaddyApi(const connections::Connection& connection, const connections::Deps& deps) {
  auto url = connections::GetEndpointUrl(connection, kApi.url);
  if (!url) return std::move(url).error();
  const auto key = connections::GetSecretOrVariable(connection, "api_key", kApi.variable);
  if (!key) return key.error();
  const auto secret = connections::GetSecretOrVariable(connection, "api_secret", "GODADDY_API_SECRET");
  if (!secret) return secret.error();
  return connections::RestApi(kApi, *deps.http, *std::move(url), base::Secret(base::Cat(key->Reveal(), ":", secret->Reveal())),
                              connections::FindLimiter(connection, deps, kApi.rate));
}

const connections::ConnectionSpec kConnection{
    .kind = "godaddy",
    .title = "GoDaddy",
    .doc = "A GoDaddy account, reached with an API key and its secret.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::godaddy
