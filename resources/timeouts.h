// SPDX-License-Identifier: MPL-2.0
// The `timeouts` of a resource, in the form that Terraform's users know: timeouts = { create = "30m" }.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "schema/attribute.h"
#include "schema/reader.h"

namespace resources {

// `operations`: "create", "read", "update", "delete".
schema::Attribute TimeoutsAttribute(const std::vector<const char*>& operations, const char* doc);

// The call, limited to what timeouts.<operation> says, else to `usual`. A longer time than the caller's is granted too.
base::Call WithTimeout(const base::Call& call, const schema::Reader& resource, std::string_view operation,
                       std::chrono::milliseconds usual);

}  // namespace resources
