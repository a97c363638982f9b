// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/from_proto.h"
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"
#include "schema/plan.h"

namespace provider::rpc {

schema::Diagnostics PlanResourceChange(const CallScope& scope, const pb::PlanResourceChange::Request& request,
                                       pb::PlanResourceChange::Response& reply) {
  schema::Diagnostics diagnostics;
  const ResourceEntry* entry = FindResource(scope, request.type_name(), diagnostics);
  if (entry == nullptr || !IsConfigured(scope, diagnostics)) return diagnostics;
  const auto prior = FromProto(request.prior_state(), entry->type(), "the prior state", diagnostics);
  const auto config = FromProto(request.config(), entry->type(), "the configuration", diagnostics);
  if (!prior || !config) return diagnostics;

  const bool may_decide = request.client_capabilities().store_planned_private() && request.planned_private().empty();
  const schema::PlanResult result = schema::PlanChange(
      {.schema = entry->schema(),
       .prior = *prior,
       .config = *config,
       .prior_private = request.prior_private(),
       .planned_private = request.planned_private(),
       .now = may_decide ? std::optional(scope.call.Now()) : std::nullopt,
       .log = &scope.call.log},
      [&](const schema::PlanRequest& change, schema::PlanResult& plan) { entry->resource().Plan(*scope.context, change, plan); });

  SetState(entry->schema(), result.planned, *reply.mutable_planned_state());
  for (const schema::cty::Path& path : result.requires_replace) SetPath(path, *reply.add_requires_replace());
  // Empty private data would make the second plan look like a first one.
  reply.set_planned_private(may_decide && result.planned_private.empty() ? "{}" : result.planned_private);
  if (!result.diagnostics.HasErrors()) entry->resource().NotePlanned(*scope.context, *prior, result.planned);
  return result.diagnostics;
}

}  // namespace provider::rpc
