// SPDX-License-Identifier: MPL-2.0
// Ready validators. Each diagnostic says what is wrong and what to write instead; none repeats the value of a sensitive
// attribute.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/attribute.h"

namespace schema {

Validator OneOf(std::vector<std::string> allowed);
Validator IntegerBetween(std::int64_t least, std::int64_t most);
Validator LengthBetween(std::size_t least, std::size_t most);    // of a string, in octets
Validator ElementsBetween(std::size_t least, std::size_t most);  // of a list, set or map
Validator IsDuration();                                          // "90s", "2m", "1h30m"
Validator IsHttpsUrl();                                          // http is allowed for loopback hosts only
Validator IsEmailAddress();
// The content of a file, such as PEM or JSON, and not the path of one.
Validator IsFileContent();
// Lower-case letters, digits and dashes, 1 to 64.
Validator IsSlug();

}  // namespace schema
