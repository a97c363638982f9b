// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/read_source.h"

#include "provider/rpc/from_proto.h"
#include "provider/rpc/lookup.h"
#include "schema/merge.h"

namespace provider::rpc {

using schema::cty::Value;

schema::Diagnostics ValidateSource(const SourceEntry& entry, const pb::DynamicValue& wire) {
  schema::Diagnostics diagnostics;
  const auto config = FromProto(wire, entry.type(), "the configuration", diagnostics);
  return config ? schema::ValidateConfig(entry.schema(), *config) : diagnostics;
}

std::optional<Value> ReadSource(const CallScope& scope, const SourceEntry& entry, const pb::DynamicValue& wire,
                                schema::Diagnostics& diagnostics) {
  if (!IsConfigured(scope, diagnostics)) return std::nullopt;
  const auto config = FromProto(wire, entry.type(), "the configuration", diagnostics);
  if (!config) return std::nullopt;
  const Value wanted = schema::Merge(entry.schema().attributes, *config, Value::Null(entry.type()));
  Value found = entry.resource().Read(scope.call, *scope.context, wanted, diagnostics);
  if (diagnostics.HasErrors()) return std::nullopt;
  return found;
}

}  // namespace provider::rpc
