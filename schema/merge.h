// SPDX-License-Identifier: MPL-2.0
// The plan before a resource has its say: configuration over defaults over prior state, and unknown where nothing tells.
#pragma once

#include <vector>

#include "schema/attribute.h"
#include "schema/cty/value.h"

namespace schema {

// An object of these attributes, from `config` (known) and `prior` (null on create):
// - what the config sets, known or not, as it stands; write-only attributes null;
// - what it leaves null: the default; else, when computed, the prior value, unknown on create; else null.
// Nested objects are merged with the prior object at the same index of a list or key of a map. An element of a set has the prior
// element that differs from it in computed attributes alone. An object without a prior one is created: its computed values are
// unknown.
cty::Value Merge(const std::vector<Attribute>& attributes, const cty::Value& config, const cty::Value& prior);

}  // namespace schema
