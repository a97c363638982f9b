// SPDX-License-Identifier: MPL-2.0
// Which build this is.
#pragma once

#include <string_view>

namespace base {

// A product's version with a comment, as a User-Agent wants it (RFC 9110 section 10.1.5): "0.1.0 (30f519c2a1b0)".
std::string_view Version();

}  // namespace base
