// SPDX-License-Identifier: MPL-2.0
// A type from JSON that was already parsed: dynamic values carry theirs inside.
#pragma once

#include "base/result.h"
#include "schema/cty/json_tree.h"
#include "schema/cty/type.h"

namespace schema::cty {

// Errors: kProtocol.
base::Result<Type> ReadType(const JsonTree& tree);

}  // namespace schema::cty
