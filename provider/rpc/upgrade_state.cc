// SPDX-License-Identifier: MPL-2.0
// UpgradeResourceState: called at every use of stored state, of the present schema version too.
#include "schema/upgrade.h"

#include "base/text.h"
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"

namespace provider::rpc {

schema::Diagnostics UpgradeResourceState(const CallScope& scope, const pb::UpgradeResourceState::Request& request,
                                         pb::UpgradeResourceState::Response& reply) {
  schema::Diagnostics diagnostics;
  const ResourceEntry* entry = FindResource(scope, request.type_name(), diagnostics);
  if (entry == nullptr) return diagnostics;
  // Flatmap state, which Terraform 0.11 wrote, leaves the JSON empty; no version of this provider is that old.
  const auto state = schema::UpgradeState({.version = entry->schema().version, .type = entry->type()},
                                          entry->resource().upgrade_steps(), request.version(), request.raw_state().json());
  if (!state) {
    diagnostics.Error(base::Cat("Cannot read the stored state of a ", request.type_name()), state.error(),
                      "Another version of the provider may have written it; use that one or a newer one.");
    return diagnostics;
  }
  SetState(entry->schema(), *state, *reply.mutable_upgraded_state());
  if (scope.context) entry->resource().NoteSaved(*scope.context, *state);
  return diagnostics;
}

}  // namespace provider::rpc
