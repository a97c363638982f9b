// SPDX-License-Identifier: MPL-2.0
// Domain names as certificates and DNS use them: ASCII labels (A-labels for international names), lower case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

// The name lower-cased and without a final dot. A leading "*." is allowed when `wildcard` says so.
// Errors: kInvalid, saying what is wrong in words for the user: empty, an IP address, a label that is empty, over 63 octets or
// with a foreign character (named), over 253 octets, a single label, an underscore, a star elsewhere than as the first label,
// letters outside ASCII (write the A-label xn--…).
enum class Wildcard { kAllowed, kRefused };
Result<std::string> ParseDnsName(std::string_view text, Wildcard wildcard);

// "*.example.test" -> "example.test"; other names unchanged.
std::string_view WithoutWildcard(std::string_view name);
// With exactly one final dot, lower case: "example.test" -> "example.test.".
std::string Absolute(std::string_view name);
// True when `name` is `zone` or lies below it; both in any case, with or without final dot.
bool IsInZone(std::string_view name, std::string_view zone);

}  // namespace base
