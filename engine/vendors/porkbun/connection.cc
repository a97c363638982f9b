// SPDX-License-Identifier: MPL-2.0
// Porkbun: an API key and its secret, which are sent together.
#include <array>
#include <utility>

#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/connections/token_connection.h"
#include "engine/vendors/porkbun/vendor.h"

namespace engine::vendors::porkbun {
namespace {

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "api_key",
                      .secret = true,
                      .doc =
                          "The API key (`pk1_…`). Default: the environment variable `PORKBUN_API_KEY`, wherever the connection "
                          "is used."},
    base::ConfigField{.name = "secret_api_key",
                      .secret = true,
                      .doc = "The secret key that belongs to it (`sk1_…`). Default: the environment variable "
                             "`PORKBUN_SECRET_API_KEY`."},
    connections::EndpointField(kApi.url),
    connections::kAllowHttpField,
};

std::vector<connections::FieldProblem> Validate(const connections::Connection& connection) {
  std::vector<connections::FieldProblem> problems;
  for (const char* field : {"api_key", "secret_api_key"}) connections::CheckHeaderSecret(connection, field, problems);
  connections::CheckEndpointUrl(connection, problems);
  return problems;
}

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  const auto api = MakePorkbunApi(connection, deps);
  if (!api) return api.error();
  auto pong = api->Send(call, "POST", "/ping", base::Json::object(), {}, base::http::Idempotency::kSafe);
  if (!pong) return connections::BlameCredentials(std::move(pong).error(), "api_key").While("checking the API key");
  return {};
}

}  // namespace

base::Result<connections::RestApi> MakePorkbunApi(const connections::Connection& connection, const connections::Deps& deps) {
  auto url = connections::GetEndpointUrl(connection, kApi.url);
  if (!url) return std::move(url).error();
  auto key = connections::GetSecretOrVariable(connection, "api_key", kApi.variable);
  if (!key) return std::move(key).error();
  auto secret = connections::GetSecretOrVariable(connection, "secret_api_key", "PORKBUN_SECRET_API_KEY");
  if (!secret) return std::move(secret).error();
  return connections::RestApi(kApi, *deps.http, *std::move(url), *std::move(key),
                              connections::FindLimiter(connection, deps, kApi.rate), *std::move(secret));
}

const connections::ConnectionSpec kConnection{
    .kind = "porkbun",
    .title = "Porkbun",
    .doc = "A Porkbun account, reached with an API key and its secret.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::porkbun
