// SPDX-License-Identifier: MPL-2.0
// Going through a value with the path of each part. Elements of a set have the path of the set: they have no names.
#pragma once

#include <functional>

#include "schema/cty/path.h"
#include "schema/cty/value.h"

namespace schema::cty {

enum class Descent { kInto, kPast };  // whether the parts of this value are visited too

// Calls `visit` for the value, then for its parts, from the outside in.
void Visit(const Value& value, const std::function<Descent(const Path& path, const Value& part)>& visit);

// The value with each part replaced by what `replace` makes of it, from the inside out. What it returns must be of the same type.
Value Transform(const Value& value, const std::function<Value(const Path& path, const Value& part)>& replace);

}  // namespace schema::cty
