// SPDX-License-Identifier: MPL-2.0
#include "base/json.h"

#include <algorithm>

#include "base/text.h"

template class nlohmann::basic_json<>;

namespace base {
namespace {

// nlohmann's parser has no limit of its own, and what it made is destroyed and printed recursively.
std::size_t Depth(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
    if ((c == '}' || c == ']') && depth > 0) --depth;
  }
  return deepest;
}

}  // namespace

Result<Json> ParseJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes)
    return Error{ErrorKind::kProtocol, Cat("the JSON text is longer than ", limits.bytes, " bytes")};
  if (Depth(text) > limits.depth) return Error{ErrorKind::kProtocol, Cat("the JSON text is nested deeper than ", limits.depth)};
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return Error{ErrorKind::kProtocol, "the text is not JSON"};
  return value;
}

Result<Json> ParseJsonObject(std::string_view text, const JsonLimits& limits) {
  auto value = ParseJson(text, limits);
  if (value && !value->is_object()) return Error{ErrorKind::kProtocol, "the JSON text is not an object"};
  return value;
}

std::string DumpJson(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

const Json* FindMember(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> FindString(const Json& object, std::string_view name) {
  const Json* member = FindMember(object, name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return member->get_ref<const std::string&>();
}

std::optional<std::int64_t> FindInteger(const Json& object, std::string_view name) {
  const Json* member = FindMember(object, name);
  if (member == nullptr || !member->is_number_integer()) return std::nullopt;
  if (member->is_number_unsigned() && member->get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  return member->get<std::int64_t>();
}

std::optional<bool> FindBool(const Json& object, std::string_view name) {
  const Json* member = FindMember(object, name);
  if (member == nullptr || !member->is_boolean()) return std::nullopt;
  return member->get<bool>();
}

std::vector<std::string> FindStrings(const Json& object, std::string_view name) {
  std::vector<std::string> strings;
  const Json* member = FindMember(object, name);
  if (member == nullptr || !member->is_array()) return strings;
  for (const Json& element : *member) {
    if (element.is_string()) strings.push_back(element.get_ref<const std::string&>());
  }
  return strings;
}

std::map<std::string, std::string, std::less<>> FindStringMap(const Json& object, std::string_view name) {
  std::map<std::string, std::string, std::less<>> strings;
  const Json* member = FindMember(object, name);
  if (member == nullptr || !member->is_object()) return strings;
  for (const auto& [key, value] : member->items()) {
    if (value.is_string()) strings.emplace(key, value.get_ref<const std::string&>());
  }
  return strings;
}

Result<std::string> GetString(const Json& object, std::string_view name) {
  auto text = FindString(object, name);
  if (!text) return Error{ErrorKind::kProtocol, Cat("the member \"", name, "\" is missing or not a string")};
  return *std::move(text);
}

}  // namespace base
