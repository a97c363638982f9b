// SPDX-License-Identifier: MPL-2.0
// Gandi: an API token.
#include "engine/connections/token_connection.h"
#include "engine/vendors/gandi/vendor.h"

namespace engine::vendors::gandi {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "A personal access token with the permission *Manage domain name technical configurations*. Default: the environment variable `GANDI_PERSONAL_ACCESS_TOKEN`, wherever the connection is used.",
    kApi.url);

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/domains?per_page=1");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "gandi",
    .title = "Gandi",
    .doc = "A Gandi organization, reached with a personal access token that may manage the technical configuration of domains.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::gandi
