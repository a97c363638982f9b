// SPDX-License-Identifier: MPL-2.0
// Where a configuration sets write-only attributes.
#pragma once

#include <vector>

#include "schema/attribute.h"
#include "schema/cty/path.h"
#include "schema/cty/value.h"

namespace provider::rpc {

// The paths of write-only attributes that are not null, in the schema's order.
std::vector<schema::cty::Path> WriteOnlyPaths(const std::vector<schema::Attribute>& attributes, const schema::cty::Value& config);

}  // namespace provider::rpc
