// SPDX-License-Identifier: MPL-2.0
// OVHcloud: an application and the consumer key that its user granted to it, at one of three regional APIs.
#include "engine/vendors/ovh/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/environment.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/connections/token_connection.h"
#include "engine/vendors/ovh/vendor.h"

namespace engine::vendors::ovh {
namespace {

using base::Cat;
using connections::Blame;
using connections::Connection;
using connections::Deps;
using connections::FieldProblem;

struct Endpoint {
  std::string_view name;
  std::string_view url;
};
// By name. https://github.com/ovh/python-ovh#1-create-an-application
constexpr std::array kEndpoints{
    Endpoint{"ovh-ca", "https://ca.api.ovh.com/1.0"},
    Endpoint{"ovh-eu", "https://eu.api.ovh.com/1.0"},
    Endpoint{"ovh-us", "https://api.us.ovhcloud.com/1.0"},
};
constexpr std::array<std::string_view, 3> kSecrets{"application_key", "application_secret", "consumer_key"};

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "application_key",
                      .secret = true,
                      .doc = "The key of the application. Default: the environment variable `OVH_APPLICATION_KEY`, wherever the "
                             "connection is used."},
    base::ConfigField{.name = "application_secret",
                      .secret = true,
                      .doc = "The secret of the application. Default: the environment variable `OVH_APPLICATION_SECRET`."},
    base::ConfigField{
        .name = "consumer_key",
        .secret = true,
        .doc = "The consumer key, which carries the permissions. Default: the environment variable `OVH_CONSUMER_KEY`."},
    base::ConfigField{.name = "endpoint",
                      .one_of = "ovh-ca|ovh-eu|ovh-us",
                      .doc = "The region of the account. Default: the environment variable `OVH_ENDPOINT`, or `ovh-eu`.",
                      .identity = true},
    base::ConfigField{
        .name = "endpoint_url", .doc = "The URL of the API, for a proxy or a test, instead of `endpoint`.", .identity = true},
    connections::kAllowHttpField,
};

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  for (const std::string_view field : kSecrets) connections::CheckHeaderSecret(connection, field, problems);
  connections::CheckEndpointUrl(connection, problems);
  return problems;
}

base::Result<std::string> FindUrl(const Connection& connection) {
  const std::string name(connection.settings.Text("endpoint", base::Environment("OVH_ENDPOINT").value_or("ovh-eu")));
  const auto found = std::ranges::find(kEndpoints, name, &Endpoint::name);
  if (found == kEndpoints.end())
    return Blame("endpoint", Cat("\"", base::Printable(name, 40), "\" is not ovh-ca, ovh-eu, or ovh-us"));
  return connections::GetEndpointUrl(connection, found->url);
}

// A key for one zone may not list the zones, and is good nevertheless.
base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto api = MakeOvhApi(connection, deps);
  if (!api) return api.error();
  auto zones = api->Send(call, "GET", "/domain/zone");
  if (zones || zones.error().code == "NOT_GRANTED_CALL") return {};
  return connections::BlameCredentials(std::move(zones).error(), "consumer_key").While("listing the zones of the account");
}

}  // namespace

base::Result<OvhApi> MakeOvhApi(const Connection& connection, const Deps& deps) {
  auto url = FindUrl(connection);
  if (!url) return std::move(url).error();
  auto application_key = connections::GetSecretOrVariable(connection, "application_key", "OVH_APPLICATION_KEY");
  if (!application_key) return std::move(application_key).error();
  auto application_secret = connections::GetSecretOrVariable(connection, "application_secret", "OVH_APPLICATION_SECRET");
  if (!application_secret) return std::move(application_secret).error();
  auto consumer_key = connections::GetSecretOrVariable(connection, "consumer_key", "OVH_CONSUMER_KEY");
  if (!consumer_key) return std::move(consumer_key).error();
  // OVHcloud publishes no limit; its refusals say how long to wait.
  return OvhApi(*deps.http, *std::move(url),
                {.application_key = std::string(application_key->Reveal()),
                 .application_secret = *std::move(application_secret),
                 .consumer_key = *std::move(consumer_key)},
                connections::FindLimiter(connection, deps, {}));
}

const connections::ConnectionSpec kConnection{
    .kind = "ovh",
    .title = "OVHcloud",
    .doc = "An OVHcloud account, reached with an application and a consumer key that may change the records of zones.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::ovh
