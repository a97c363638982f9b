// SPDX-License-Identifier: MPL-2.0
// deSEC: an API token.
#include "engine/connections/token_connection.h"
#include "engine/vendors/desec/vendor.h"

namespace engine::vendors::desec {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "A token, which policies can restrict to the TXT records of one domain. Default: the environment variable `DESEC_API_TOKEN`, wherever the connection is used.",
    kApi.url);

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/domains/");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "desec",
    .title = "deSEC",
    .doc = "A deSEC account, reached with a token that may read domains and write their TXT records.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::desec
