// SPDX-License-Identifier: MPL-2.0
// Linode: a personal access token.
#include "engine/connections/token_connection.h"
#include "engine/vendors/linode/vendor.h"

namespace engine::vendors::linode {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "A personal access token with the scope `domains:read_write`. Default: the environment variable "
    "`LINODE_TOKEN`, wherever the connection is used.",
    kApi.url);

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/domains?page_size=25");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "linode",
    .title = "Linode",
    .doc = "A Linode (Akamai Cloud) account, reached with a token that may read and change domains.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::linode
