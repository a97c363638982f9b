// SPDX-License-Identifier: MPL-2.0
// bunny.net: the API key of an account.
#include "engine/connections/token_connection.h"
#include "engine/vendors/bunny/vendor.h"

namespace engine::vendors::bunny {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "The API key of the account. Default: the environment variable `BUNNYNET_API_KEY`, wherever the "
    "connection is used.",
    kApi.url);

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/dnszone?page=1&perPage=5");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "bunny",
    .title = "bunny.net",
    .doc = "A bunny.net account, reached with its API key.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::bunny
