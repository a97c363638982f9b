// SPDX-License-Identifier: MPL-2.0
// Scaleway: the secret key of an API key.
#include "engine/connections/token_connection.h"
#include "engine/vendors/scaleway/vendor.h"

namespace engine::vendors::scaleway {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "The secret key of an API key. Default: the environment variable `SCW_SECRET_KEY`, wherever the "
    "connection is used.",
    kApi.url);

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/dns-zones?page_size=1");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "scaleway",
    .title = "Scaleway",
    .doc = "A Scaleway project, reached with the secret key of an API key.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::scaleway
