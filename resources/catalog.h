// SPDX-License-Identifier: MPL-2.0
// Everything that the provider has. There is one app connection for each kind of connection in engine/vendors/catalog.h.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "resources/function.h"
#include "resources/resource.h"
#include "resources/source.h"

namespace resources {

// Sorted by type name; built once, lives for the whole process.
const std::vector<std::unique_ptr<Resource>>& Catalog();
// Null when there is no such type.
const Resource* FindResource(std::string_view type_name);

// Each built once, lives for the whole process.
std::span<const std::unique_ptr<Source>> DataSources();
std::span<const std::unique_ptr<Source>> EphemeralResources();
std::span<const Function> Functions();

}  // namespace resources
