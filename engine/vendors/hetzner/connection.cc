// SPDX-License-Identifier: MPL-2.0
// Hetzner: an API token of a Cloud project.
#include <array>

#include "engine/connections/plain_http.h"
#include "engine/connections/token_connection.h"
#include "engine/vendors/hetzner/vendor.h"

namespace engine::vendors::hetzner {
namespace {

constexpr std::array kConnectionFields{
    connections::TokenField("An API token, with the permission *Read & Write*, of the Hetzner Cloud project that has the zone. "
                            "Default: the environment variable `HCLOUD_TOKEN`, wherever the connection is used."),
    connections::EndpointField(kApi.url),
    connections::kAllowHttpField,
};

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/zones?per_page=1");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "hetzner",
    .title = "Hetzner",
    .doc = "A project of Hetzner Cloud, reached with an API token that may read and write.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::hetzner
