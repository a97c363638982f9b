// SPDX-License-Identifier: MPL-2.0
// The guards that the RPCs of resources begin with.
#pragma once

#include <string>
#include <string_view>

#include "provider/rpc/call_scope.h"

namespace provider::rpc {

// Null after an error diagnostic when there is no resource type of this name.
const ResourceEntry* FindResource(const CallScope& scope, const std::string& type_name, schema::Diagnostics& diagnostics);

// The same in a table of sources; `what` names what it holds ("data source").
const SourceEntry* FindSource(const Table<resources::Source>& table, std::string_view what, const std::string& type_name,
                              schema::Diagnostics& diagnostics);

// False after an error diagnostic when ConfigureProvider has not succeeded yet.
bool IsConfigured(const CallScope& scope, schema::Diagnostics& diagnostics);

}  // namespace provider::rpc
