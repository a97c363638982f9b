// SPDX-License-Identifier: MPL-2.0
// ValidateDataResourceConfig and ReadDataSource.
#include "provider/rpc/handlers.h"
#include "provider/rpc/lookup.h"
#include "provider/rpc/read_source.h"

namespace provider::rpc {
namespace {

const SourceEntry* Find(const CallScope& scope, const std::string& type_name, schema::Diagnostics& diagnostics) {
  return FindSource(scope.shared.data_sources, "data source", type_name, diagnostics);
}

}  // namespace

schema::Diagnostics ValidateDataResourceConfig(const CallScope& scope, const pb::ValidateDataResourceConfig::Request& request,
                                               pb::ValidateDataResourceConfig::Response&) {
  schema::Diagnostics diagnostics;
  const SourceEntry* entry = Find(scope, request.type_name(), diagnostics);
  return entry == nullptr ? diagnostics : ValidateSource(*entry, request.config());
}

schema::Diagnostics ReadDataSource(const CallScope& scope, const pb::ReadDataSource::Request& request,
                                   pb::ReadDataSource::Response& reply) {
  schema::Diagnostics diagnostics;
  const SourceEntry* entry = Find(scope, request.type_name(), diagnostics);
  if (entry == nullptr) return diagnostics;
  if (const auto found = ReadSource(scope, *entry, request.config(), diagnostics)) {
    SetState(entry->schema(), *found, *reply.mutable_state());
  }
  return diagnostics;
}

}  // namespace provider::rpc
