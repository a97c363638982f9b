// SPDX-License-Identifier: MPL-2.0
// The RPCs of ephemeral resources. What Open hands out holds nothing outside this process: there is nothing to renew or to close,
// and Terraform does not close reliably after an error.
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"
#include "provider/rpc/read_source.h"

namespace provider::rpc {
namespace {

const SourceEntry* Find(const CallScope& scope, const std::string& type_name, schema::Diagnostics& diagnostics) {
  return FindSource(scope.shared.ephemerals, "ephemeral resource", type_name, diagnostics);
}

}  // namespace

schema::Diagnostics ValidateEphemeralResourceConfig(const CallScope& scope,
                                                    const pb::ValidateEphemeralResourceConfig::Request& request,
                                                    pb::ValidateEphemeralResourceConfig::Response&) {
  schema::Diagnostics diagnostics;
  const SourceEntry* entry = Find(scope, request.type_name(), diagnostics);
  return entry == nullptr ? diagnostics : ValidateSource(*entry, request.config());
}

schema::Diagnostics OpenEphemeralResource(const CallScope& scope, const pb::OpenEphemeralResource::Request& request,
                                          pb::OpenEphemeralResource::Response& reply) {
  schema::Diagnostics diagnostics;
  const SourceEntry* entry = Find(scope, request.type_name(), diagnostics);
  if (entry == nullptr) return diagnostics;
  if (const auto opened = ReadSource(scope, *entry, request.config(), diagnostics)) {
    SetState(entry->schema(), *opened, *reply.mutable_result());
  }
  return diagnostics;
}

schema::Diagnostics RenewEphemeralResource(const CallScope& scope, const pb::RenewEphemeralResource::Request& request,
                                           pb::RenewEphemeralResource::Response&) {
  schema::Diagnostics diagnostics;
  Find(scope, request.type_name(), diagnostics);
  return diagnostics;
}

schema::Diagnostics CloseEphemeralResource(const CallScope& scope, const pb::CloseEphemeralResource::Request& request,
                                           pb::CloseEphemeralResource::Response&) {
  schema::Diagnostics diagnostics;
  Find(scope, request.type_name(), diagnostics);
  return diagnostics;
}

}  // namespace provider::rpc
