// SPDX-License-Identifier: MPL-2.0
// UpgradeResourceState: called at every use of stored state, of the present schema version too.
#include "base/text.h"
#include "provider/rpc/from_proto.h"
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"

namespace provider::rpc {

schema::Diagnostics UpgradeResourceState(const CallScope& scope, const pb::UpgradeResourceState::Request& request,
                                         pb::UpgradeResourceState::Response& reply) {
  schema::Diagnostics diagnostics;
  const ResourceEntry* entry = FindResource(scope, request.type_name(), diagnostics);
  if (entry == nullptr) return diagnostics;
  if (request.version() > entry->schema().version) {
    diagnostics.Error("State of a newer provider", base::Cat("The state of this ", request.type_name(), " has schema version ",
                                                             request.version(), "; this version of the provider knows ",
                                                             entry->schema().version, " and older. Use a newer one."));
    return diagnostics;
  }
  if (const auto state = FromProto(request.raw_state(), entry->type(), diagnostics)) {
    SetState(entry->schema(), *state, *reply.mutable_upgraded_state());
  }
  return diagnostics;
}

}  // namespace provider::rpc
