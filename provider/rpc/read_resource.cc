// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/from_proto.h"
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"

namespace provider::rpc {

schema::Diagnostics ReadResource(const CallScope& scope, const pb::ReadResource::Request& request,
                                 pb::ReadResource::Response& reply) {
  schema::Diagnostics diagnostics;
  const ResourceEntry* entry = FindResource(scope, request.type_name(), diagnostics);
  if (entry == nullptr || !IsConfigured(scope, diagnostics)) return diagnostics;
  const auto current = FromProto(request.current_state(), entry->type(), "the state", diagnostics);
  if (!current) return diagnostics;

  const resources::ChangeResult result =
      entry->resource().Read(scope.call, *scope.context, {.state = *current, .private_data = request.private_()});

  SetState(entry->schema(), result.stored.state, *reply.mutable_new_state());
  reply.set_private_(result.stored.private_data);
  return result.diagnostics;
}

}  // namespace provider::rpc
