// SPDX-License-Identifier: MPL-2.0
// JSON (RFC 8259) from foreign servers: nlohmann/json without its exceptions, with limits, and getters that say what is missing.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Compiled once, in json.cc, and not in each file that has JSON: a fifth of their time to build.
extern template class nlohmann::basic_json<>;

namespace base {

using Json = nlohmann::json;

struct JsonLimits {
  std::size_t bytes = 4 * 1024 * 1024;
  std::size_t depth = 32;  // of nested arrays and objects
};

// Errors: kProtocol (not JSON, not UTF-8, too long, too deep).
Result<Json> ParseJson(std::string_view text, const JsonLimits& limits = {});
// As ParseJson; kProtocol also when the text is another value than an object.
Result<Json> ParseJsonObject(std::string_view text, const JsonLimits& limits = {});
// Compact text. Never throws: bytes that are not UTF-8 are replaced.
std::string DumpJson(const Json& value);

// The member, or null when `object` is no object or has none of that name. JSON's null counts as absent.
const Json* FindMember(const Json& object, std::string_view name);
// Empty when the member is absent or of another type.
std::optional<std::string> FindString(const Json& object, std::string_view name);
std::optional<std::int64_t> FindInteger(const Json& object, std::string_view name);
std::optional<bool> FindBool(const Json& object, std::string_view name);
// The array's strings; empty when the member is absent or no array. Elements of other types are left out.
std::vector<std::string> FindStrings(const Json& object, std::string_view name);
// The object's members that are strings; empty when the member is absent or no object.
std::map<std::string, std::string, std::less<>> FindStringMap(const Json& object, std::string_view name);
// Errors: kProtocol naming the member that is missing or of another type.
Result<std::string> GetString(const Json& object, std::string_view name);

}  // namespace base
