// SPDX-License-Identifier: MPL-2.0
// GetProviderSchema and GetMetadata. Terraform asks the first process of a command only: nothing may be set up here.
#include "provider/rpc/functions.h"
#include "provider/rpc/handlers.h"

namespace provider::rpc {
namespace {

void SetCapabilities(pb::ServerCapabilities& capabilities) {
  capabilities.set_plan_destroy(true);
  capabilities.set_get_provider_schema_optional(true);
  capabilities.set_move_resource_state(true);
}

void MakeSchemaReply(const Shared& shared, pb::GetProviderSchema::Response& reply) {
  SetCapabilities(*reply.mutable_server_capabilities());
  SetSchema(*shared.parts.provider_schema, *reply.mutable_provider());
  for (const auto& [name, entry] : shared.table.entries()) SetSchema(entry.schema(), (*reply.mutable_resource_schemas())[name]);
  for (const auto& [name, entry] : shared.data_sources.entries()) {
    SetSchema(entry.schema(), (*reply.mutable_data_source_schemas())[name]);
  }
  for (const auto& [name, entry] : shared.ephemerals.entries()) {
    SetSchema(entry.schema(), (*reply.mutable_ephemeral_resource_schemas())[name]);
  }
  SetFunctions(shared.parts.functions, *reply.mutable_functions());
}

}  // namespace

schema::Diagnostics GetMetadata(const CallScope& scope, const pb::ProviderMetadata::Request&,
                                pb::ProviderMetadata::Response& reply) {
  SetCapabilities(*reply.mutable_server_capabilities());
  for (const auto& [name, entry] : scope.shared.table.entries()) reply.add_resources()->set_name(name);
  for (const auto& [name, entry] : scope.shared.data_sources.entries()) reply.add_data_sources()->set_name(name);
  for (const auto& [name, entry] : scope.shared.ephemerals.entries()) reply.add_ephemeral_resources()->set_name(name);
  for (const resources::Function& function : scope.shared.parts.functions) reply.add_functions()->set_name(function.name);
  return {};
}

schema::Diagnostics GetProviderSchema(const CallScope& scope, const pb::GetProviderSchema::Request&,
                                      pb::GetProviderSchema::Response& reply) {
  Shared& shared = scope.shared;
  std::call_once(shared.schema_once, [&shared] { MakeSchemaReply(shared, shared.schema_reply); });
  reply = shared.schema_reply;
  return {};
}

}  // namespace provider::rpc
