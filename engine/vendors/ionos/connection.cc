// SPDX-License-Identifier: MPL-2.0
// IONOS: an API key, which is a public prefix and a secret with a dot between them.
#include "engine/connections/token_connection.h"
#include "engine/vendors/ionos/vendor.h"

namespace engine::vendors::ionos {
namespace {

constexpr auto kConnectionFields = connections::TokenFields(
    "The API key: its public prefix, a dot, and its secret. Default: the environment variable "
    "`IONOS_API_KEY`, wherever the connection is used.",
    kApi.url);

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, connections::MakeRestApi(kApi, connection, deps), "/zones");
}

}  // namespace

const connections::ConnectionSpec kConnection{
    .kind = "ionos",
    .title = "IONOS",
    .doc = "The DNS of IONOS hosting, reached with an API key. IONOS Cloud has another API.",
    .fields = kConnectionFields,
    .validate = connections::ValidateToken,
    .check = Check,
};

}  // namespace engine::vendors::ionos
