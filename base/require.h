// SPDX-License-Identifier: MPL-2.0
// An assertion that is active in every build type. It is for mistakes of our own that would disclose a secret; other mistakes are
// asserted with <cassert>, which a release leaves out.
#pragma once

#include <source_location>

namespace base {

// Ends the process unless `condition` is true; stderr then shows `reason` and the place of the call.
// `reason`: a literal, never data.
void Require(bool condition, const char* reason, std::source_location where = std::source_location::current());

}  // namespace base
