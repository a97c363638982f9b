// SPDX-License-Identifier: MPL-2.0
// The JSON form of values, as Terraform keeps state. It cannot hold unknown values.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "schema/cty/value.h"

namespace schema::cty {

// Errors: kInvalid when something is unknown.
base::Result<std::string> ToJson(const Value& value);

enum class UnknownMembers { kRefused, kDropped };  // dropped: state of an older or newer schema

// Attributes of `type` that the text lacks are null when members may be dropped, an error otherwise.
// Errors: kProtocol with the path.
base::Result<Value> FromJson(std::string_view json, const Type& type, UnknownMembers unknown);

}  // namespace schema::cty
