// SPDX-License-Identifier: MPL-2.0
// Every resource that the provider has: those of resources.def, and one app connection for each kind of engine/connections.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "resources/resource.h"

namespace resources {

// Sorted by type name; built once, lives for the whole process.
const std::vector<std::unique_ptr<Resource>>& Catalog();
// Null when there is no such type.
const Resource* FindResource(std::string_view type_name);

}  // namespace resources
