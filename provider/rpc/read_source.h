// SPDX-License-Identifier: MPL-2.0
// What the RPCs of data sources and of ephemeral resources share.
#pragma once

#include <optional>
#include <string>

#include "provider/rpc/call_scope.h"
#include "provider/rpc/resource_table.h"

namespace provider::rpc {

schema::Diagnostics ValidateSource(const SourceEntry& entry, const pb::DynamicValue& config);

// The object that `config` leads to; empty after an error.
std::optional<schema::cty::Value> ReadSource(const CallScope& scope, const SourceEntry& entry, const pb::DynamicValue& config,
                                             schema::Diagnostics& diagnostics);

}  // namespace provider::rpc
