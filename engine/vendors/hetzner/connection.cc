// SPDX-License-Identifier: MPL-2.0
// Hetzner: an API token of a Cloud project.
#include "engine/connections/token_connection.h"
#include "engine/vendors/hetzner/vendor.h"

namespace engine::vendors::hetzner {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "An API token, with the permission *Read & Write*, of the Hetzner Cloud project that has the zone. "
    "Default: the environment variable `HCLOUD_TOKEN`, wherever the connection is used.",
    kApi.url);

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
