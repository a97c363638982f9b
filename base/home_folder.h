// SPDX-License-Identifier: MPL-2.0
// Paths as people write them.
#pragma once

#include <string>
#include <string_view>

namespace base {

// "~" and "~/…" with the home directory (HOME) in the place of "~"; any other path, and both where HOME is not set, as it is.
std::string ExpandHome(std::string_view path);

}  // namespace base
