// SPDX-License-Identifier: MPL-2.0
// Akamai: an API client, which is a host, two tokens, and a secret.
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/connections/token_connection.h"
#include "engine/vendors/akamai/vendor.h"

namespace engine::vendors::akamai {
namespace {

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "endpoint_url",
                      .required = true,
                      .doc = "The host of the API client, as a URL: `https://akab-….luna.akamaiapis.net`.",
                      .identity = true},
    base::ConfigField{.name = "client_token",
                      .secret = true,
                      .doc = "The client token. Default: the environment variable `AKAMAI_CLIENT_TOKEN`, wherever the connection "
                             "is used."},
    base::ConfigField{.name = "client_secret",
                      .secret = true,
                      .doc = "The client secret. Default: the environment variable `AKAMAI_CLIENT_SECRET`."},
    base::ConfigField{.name = "access_token",
                      .secret = true,
                      .doc = "The access token. Default: the environment variable `AKAMAI_ACCESS_TOKEN`."},
    connections::kAllowHttpField,
};

std::vector<connections::FieldProblem> Validate(const connections::Connection& connection) {
  std::vector<connections::FieldProblem> problems;
  for (const char* field : {"client_token", "client_secret", "access_token"}) {
    connections::CheckHeaderSecret(connection, field, problems);
  }
  connections::CheckEndpointUrl(connection, problems);
  return problems;
}

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  const auto made = MakeSignedApi(connection, deps);
  if (!made) return made.error();
  auto zones = made->api.Send(call, "GET", "/zones?pageSize=1");
  if (!zones)
    return connections::BlameCredentials(std::move(zones).error(), "client_token").While("listing a zone of the account");
  return {};
}

}  // namespace

base::Result<SignedApi> MakeSignedApi(const connections::Connection& connection, const connections::Deps& deps) {
  auto url = connections::GetEndpointUrl(connection, kApi.url);
  if (!url) return std::move(url).error();
  auto client_token = connections::GetSecretOrVariable(connection, "client_token", kApi.variable);
  if (!client_token) return std::move(client_token).error();
  auto client_secret = connections::GetSecretOrVariable(connection, "client_secret", "AKAMAI_CLIENT_SECRET");
  if (!client_secret) return std::move(client_secret).error();
  auto access_token = connections::GetSecretOrVariable(connection, "access_token", "AKAMAI_ACCESS_TOKEN");
  if (!access_token) return std::move(access_token).error();
  auto transport = std::make_unique<EdgeGridTransport>(*deps.http, *deps.random,
                                                       EdgeGridClient{.client_token = *std::move(client_token),
                                                                      .access_token = *std::move(access_token),
                                                                      .client_secret = *std::move(client_secret)});
  connections::RestApi api(kApi, *transport, base::Cat(*url, "/config-dns/v2"), {},
                           connections::FindLimiter(connection, deps, kApi.rate));
  return SignedApi{.transport = std::move(transport), .api = std::move(api)};
}

const connections::ConnectionSpec kConnection{
    .kind = "akamai",
    .title = "Akamai",
    .doc = "An API client of Akamai, whose requests are signed (EdgeGrid).",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::akamai
