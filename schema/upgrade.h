// SPDX-License-Identifier: MPL-2.0
// State that another version of the schema wrote, read as the present one.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "schema/cty/type.h"
#include "schema/cty/value.h"

namespace schema {

// Turns the JSON state of one version into that of the next.
using UpgradeStep = std::function<base::Result<std::string>(std::string_view json)>;

// What state is read as.
struct Present {
  std::int64_t version;   // the schema's
  const cty::Type& type;  // the schema's implied type, which takes long to make
};

// `steps[i]` leads from version i to i + 1; where there is none, the text is taken as it is. Then attributes that the type does
// not have are dropped, and those that the text lacks are null. Errors: kInvalid when the state is of a version after the
// present one; kProtocol when it does not fit; those of the steps.
base::Result<cty::Value> UpgradeState(const Present& present, std::span<const UpgradeStep> steps, std::int64_t version,
                                      std::string_view json);

}  // namespace schema
