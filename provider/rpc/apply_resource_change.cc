// SPDX-License-Identifier: MPL-2.0
// ApplyResourceChange. Terraform saves the state and the private data beside error diagnostics, and forgets both when they are
// missing: whatever happens, the reply holds the best known ones.
#include "provider/rpc/from_proto.h"
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"

namespace provider::rpc {
namespace {

resources::ChangeResult Change(const CallScope& scope, const resources::Resource& resource,
                               const resources::ChangeRequest& request) {
  if (request.prior.is_null()) return resource.Create(scope.call, *scope.context, request);
  if (request.planned.is_null()) return resource.Delete(scope.call, *scope.context, request);
  return resource.Update(scope.call, *scope.context, request);
}

// An object that existed does not vanish from the state by an error, and its private data neither.
void SetResult(const schema::Schema& schema, const resources::ChangeResult& result, pb::ApplyResourceChange::Response& reply) {
  const bool failed = result.diagnostics.HasErrors();
  if (!failed || !result.stored.state.is_null()) SetState(schema, result.stored.state, *reply.mutable_new_state());
  if (!failed || !result.stored.private_data.empty()) reply.set_private_(result.stored.private_data);
}

// Counts a change for as long as it lives.
class ChangeUnderWay {
 public:
  explicit ChangeUnderWay(std::atomic<int>& count) : count_(count) { ++count_; }
  ~ChangeUnderWay() { --count_; }
  ChangeUnderWay(const ChangeUnderWay&) = delete;
  ChangeUnderWay& operator=(const ChangeUnderWay&) = delete;

 private:
  std::atomic<int>& count_;  // borrowed; outlives this
};

}  // namespace

schema::Diagnostics ApplyResourceChange(const CallScope& scope, const pb::ApplyResourceChange::Request& request,
                                        pb::ApplyResourceChange::Response& reply) {
  // What is true until the resource has said more; stays when it throws.
  *reply.mutable_new_state() = request.prior_state();
  reply.set_private_(request.planned_private());

  schema::Diagnostics diagnostics;
  const ResourceEntry* entry = FindResource(scope, request.type_name(), diagnostics);
  if (entry == nullptr || !IsConfigured(scope, diagnostics)) return diagnostics;
  const auto prior = FromProto(request.prior_state(), entry->type(), "the prior state", diagnostics);
  const auto config = FromProto(request.config(), entry->type(), "the configuration", diagnostics);
  const auto planned = FromProto(request.planned_state(), entry->type(), "the planned state", diagnostics);
  if (!prior || !config || !planned) return diagnostics;

  const ChangeUnderWay under_way(*scope.context->changes_under_way);
  const resources::ChangeResult result =
      Change(scope, entry->resource(),
             {.prior = *prior, .config = *config, .planned = *planned, .planned_private = request.planned_private()});

  SetResult(entry->schema(), result, reply);
  return result.diagnostics;
}

}  // namespace provider::rpc
