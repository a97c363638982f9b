// SPDX-License-Identifier: MPL-2.0
// Which build this is.
#pragma once

#include <string_view>

namespace provider {

// "0.1.0 (30f519c2a1b0)": the version, and the commit as a comment.
std::string_view Version();
// What this program calls itself in requests (RFC 9110 section 10.1.5): "terraform-provider-certwright/0.1.0 (30f519c2a1b0)".
std::string_view UserAgent();

}  // namespace provider
