// SPDX-License-Identifier: MPL-2.0
// JSON text as a tree that keeps each number's digits (a double would lose them) and the order of members.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace schema::cty {

struct JsonTree {
  enum class Kind { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  std::string text{};                                       // of a number or string
  std::vector<JsonTree> elements{};                         // of an array
  std::vector<std::pair<std::string, JsonTree>> members{};  // of an object; the last one wins where names repeat
};

// Errors: kProtocol: no JSON, more than one text, or nested deeper than `depth`. The message repeats nothing of the text.
base::Result<JsonTree> ParseJsonTree(std::string_view json, std::size_t depth);

// Appends the text as a JSON string. False when it is not UTF-8: nothing is appended then.
bool AppendJsonString(std::string& out, std::string_view text);

}  // namespace schema::cty
