// SPDX-License-Identifier: MPL-2.0
// The wire form of values: MessagePack as cty writes it, driven by the type.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "schema/cty/value.h"

namespace schema::cty {

// Never fails: every value has a wire form. Numbers: int64/uint64 range as integer, exact doubles as float64, else decimal text.
std::string ToMsgpack(const Value& value);
// Errors: kProtocol with the path: wrong kind, missing or surplus attribute, trailing bytes, truncated, deeper than 64 levels,
// an array or map longer than its bytes can hold.
base::Result<Value> FromMsgpack(std::string_view bytes, const Type& type);

}  // namespace schema::cty
