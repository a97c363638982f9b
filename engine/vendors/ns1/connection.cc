// SPDX-License-Identifier: MPL-2.0
// IBM NS1 Connect: an API token.
#include "engine/connections/token_connection.h"
#include "engine/vendors/ns1/vendor.h"

namespace engine::vendors::ns1 {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "An API key with the permissions *View zones* and *Manage zones*. Default: the environment variable `NS1_APIKEY`, wherever the connection is used.",
    kApi.url);

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/zones");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "ns1",
    .title = "IBM NS1 Connect",
    .doc = "An account at IBM NS1 Connect, reached with an API key that may manage zones.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::ns1
