// SPDX-License-Identifier: MPL-2.0
// The objects inside the value of a nested attribute, whatever its nesting: taken out one by one, and put back.
#pragma once

#include <optional>
#include <vector>

#include "schema/attribute.h"
#include "schema/cty/path.h"
#include "schema/cty/value.h"

namespace schema {

struct NestedObject {
  std::optional<cty::Step> step{};  // from the container: none for single nesting and for elements of a set
  cty::Value object;                // may be null or unknown
};

// Empty when the value is null or unknown.
std::vector<NestedObject> ObjectsOf(const Attribute& attribute, const cty::Value& value);
// `container` with these objects, which stand in the order that ObjectsOf gave. An absent container stays as it is.
cty::Value WithObjects(const Attribute& attribute, const cty::Value& container, std::vector<NestedObject> objects);
// `path` with the object's step.
cty::Path PathOf(const cty::Path& path, const NestedObject& object);

}  // namespace schema
