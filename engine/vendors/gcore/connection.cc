// SPDX-License-Identifier: MPL-2.0
// Gcore: a permanent API token.
#include "engine/connections/token_connection.h"
#include "engine/vendors/gcore/vendor.h"

namespace engine::vendors::gcore {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "A permanent API token. Default: the environment variable `GCORE_API_KEY`, wherever the connection "
    "is used.",
    kApi.url);

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/zones?limit=1");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "gcore",
    .title = "Gcore",
    .doc = "A Gcore account, reached with a permanent API token.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::gcore
