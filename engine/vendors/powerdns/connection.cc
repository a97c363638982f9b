// SPDX-License-Identifier: MPL-2.0
// PowerDNS Authoritative Server through its HTTP API.
#include "engine/vendors/powerdns/connection.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/vendors/powerdns/vendor.h"

namespace engine::vendors::powerdns {
namespace {

using base::ErrorKind;
using connections::BlameCredentials;
using connections::CheckEndpointUrl;
using connections::CheckHeaderSecret;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::GetEndpointUrl;
using connections::GetHeaderSecret;

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "endpoint_url",
                      .required = true,
                      .doc = "Where the server's web server is, such as `https://pdns.example.com:8081`.",
                      .identity = true},
    connections::kAllowHttpField,
    base::ConfigField{.name = "api_key", .secret = true, .doc = "The server's `api-key`."},
    base::ConfigField{.name = "server_id",
                      .default_value = "localhost",
                      .doc = "The server behind the API. PowerDNS itself knows none but `localhost`; a proxy may know others.",
                      .identity = true},
};

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  connections::CheckIsSet(connection, "api_key", problems);
  CheckHeaderSecret(connection, "api_key", problems);
  CheckEndpointUrl(connection, problems);
  return problems;
}

base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto api = MakePowerdnsApi(connection, deps);
  if (!api) return api.error();
  auto server = api->Send(call, "GET", "");
  if (server) return {};
  base::Error error = BlameCredentials(std::move(server).error(), "api_key");
  if (error.kind == ErrorKind::kNotFound) {
    error.message.append(
        base::Cat("; there is no server \"", connection.settings.Text("server_id"), "\" here, or its API is off (`api=yes`)"));
  }
  if (error.kind != ErrorKind::kDenied) error.blame = ConnectionField("endpoint_url");
  return std::move(error).While("asking for the server");
}

}  // namespace

base::Result<PowerdnsApi> MakePowerdnsApi(const Connection& connection, const Deps& deps) {
  auto url = GetEndpointUrl(connection);
  if (!url) return std::move(url).error();
  auto key = GetHeaderSecret(connection, "api_key");
  if (!key) return std::move(key).error();
  return PowerdnsApi(*deps.http, *url, connection.settings.Text("server_id"), base::Secret(*std::move(key)));
}

const ConnectionSpec kConnection{
    .kind = "powerdns",
    .title = "PowerDNS Authoritative Server",
    .doc =
        "A PowerDNS Authoritative Server (4.3 or newer), reached through its HTTP API. Its key may change everything; a server "
        "that takes dynamic updates (RFC 2136) can be used with less.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::powerdns
