// SPDX-License-Identifier: MPL-2.0
// Vultr: the API key of a user.
#include "engine/connections/token_connection.h"
#include "engine/vendors/vultr/vendor.h"

namespace engine::vendors::vultr {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "The API key of a user with the permission *Manage DNS*. Default: the environment variable "
    "`VULTR_API_KEY`, wherever the connection is used.",
    kApi.url);

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/domains?per_page=1");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "vultr",
    .title = "Vultr",
    .doc = "A Vultr account, reached with the API key of a user who may manage DNS.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::vultr
