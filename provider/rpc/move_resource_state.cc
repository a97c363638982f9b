// SPDX-License-Identifier: MPL-2.0
// MoveResourceState: a moved block from a resource of another type, perhaps of another provider. Comes to an unconfigured
// process, at every plan until one was applied.
#include "base/text.h"
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"

namespace provider::rpc {

schema::Diagnostics MoveResourceState(const CallScope& scope, const pb::MoveResourceState::Request& request,
                                      pb::MoveResourceState::Response& reply) {
  schema::Diagnostics diagnostics;
  const ResourceEntry* entry = FindResource(scope, request.target_type_name(), diagnostics);
  if (entry == nullptr) return diagnostics;

  // Whatever provider the source is of: after `terraform state replace-provider` it is this one.
  const auto result =
      entry->resource().Move({.source_type = request.source_type_name(), .source_json = request.source_state().json()});

  if (!result) {
    diagnostics.Error(
        "Unsupported move",
        base::Cat("A ", request.source_type_name(), " of ", request.source_provider_address(), " cannot become a ",
                  request.target_type_name(), " by a moved block: import the object, and remove the old one from the state."));
    return diagnostics;
  }
  if (result->diagnostics.HasErrors()) return result->diagnostics;
  SetState(entry->schema(), result->stored.state, *reply.mutable_target_state());
  reply.set_target_private(result->stored.private_data);
  return result->diagnostics;
}

}  // namespace provider::rpc
