// SPDX-License-Identifier: MPL-2.0
#include "base/text.h"
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"

namespace provider::rpc {

schema::Diagnostics ImportResourceState(const CallScope& scope, const pb::ImportResourceState::Request& request,
                                        pb::ImportResourceState::Response& reply) {
  schema::Diagnostics diagnostics;
  const ResourceEntry* entry = FindResource(scope, request.type_name(), diagnostics);
  if (entry == nullptr || !IsConfigured(scope, diagnostics)) return diagnostics;

  resources::ImportResult result = entry->resource().Import(scope.call, *scope.context, request.id());

  if (result.diagnostics.HasErrors()) return result.diagnostics;
  if (result.stored.state.is_null()) {
    result.diagnostics.Error("Nothing to import",
                             base::Cat("There is no ", request.type_name(), " with the id \"", request.id(), "\"."));
    return result.diagnostics;
  }
  pb::ImportResourceState::ImportedResource& imported = *reply.add_imported_resources();
  imported.set_type_name(request.type_name());
  SetState(entry->schema(), result.stored.state, *imported.mutable_state());
  imported.set_private_(result.stored.private_data);
  return result.diagnostics;
}

}  // namespace provider::rpc
