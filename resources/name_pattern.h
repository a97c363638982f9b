// SPDX-License-Identifier: MPL-2.0
// Patterns of DNS names, matched label by label: "a.test" is that name alone, "*.a.test" any one label before a.test, "**.a.test"
// one label or more. A wildcard name, such as *.a.test, stands for every name with one label in place of the star. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace resources {

// The pattern in lower case and without a final dot. Errors: kInvalid as base::ParseDnsName.
base::Result<std::string> ParseNamePattern(std::string_view text);

// True if the pattern matches everything that `name` stands for. Both as their parsers return them.
bool MatchesAll(std::string_view pattern, std::string_view name);

// True if the pattern matches anything that `name` stands for.
bool MatchesAny(std::string_view pattern, std::string_view name);

}  // namespace resources
