// SPDX-License-Identifier: MPL-2.0
// Whatever can be read is written and read again as the same value; the same for types. Our reader reads what nlohmann's reads.
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "schema/cty/json.h"
#include "schema/cty/json_tree.h"
#include "tests/fuzz/some_types.h"

namespace {

using schema::cty::UnknownMembers;

using schema::cty::JsonTree;

bool IsSame(const JsonTree& ours, const nlohmann::json& theirs) {
  switch (ours.kind) {
    case JsonTree::Kind::kNull:
      return theirs.is_null();
    case JsonTree::Kind::kFalse:
    case JsonTree::Kind::kTrue:
      return theirs == nlohmann::json(ours.kind == JsonTree::Kind::kTrue);
    case JsonTree::Kind::kNumber:
      return theirs.is_number() && nlohmann::json::parse(ours.text) == theirs;
    case JsonTree::Kind::kString:
      return theirs == nlohmann::json(ours.text);
    case JsonTree::Kind::kArray:
      return theirs.is_array() && std::equal(ours.elements.begin(), ours.elements.end(), theirs.begin(), theirs.end(), IsSame);
    case JsonTree::Kind::kObject:
      break;
  }
  // Of equal names the last one wins.
  return theirs.is_object() && std::all_of(theirs.items().begin(), theirs.items().end(), [&](const auto& item) {
           const auto found =
               std::find_if(ours.members.rbegin(), ours.members.rend(), [&](const auto& one) { return one.first == item.key(); });
           return found != ours.members.rend() && IsSame(found->second, item.value());
         });
}

void CheckReader(std::string_view json) {
  constexpr std::size_t kDepth = 64;
  const auto ours = schema::cty::ParseJsonTree(json, kDepth);
  const auto theirs = nlohmann::json::parse(json, nullptr, false);
  // It skips a byte order mark, ends at a zero byte, and refuses numbers beyond the range of a double.
  const bool may_differ = json.find('\0') != std::string_view::npos || json.starts_with("\xEF\xBB\xBF") ||
                          (!ours && ours.error().message.ends_with("too deep")) ||
                          (ours && (json.find_first_of("eE") != std::string_view::npos || json.size() > 300));
  if (theirs.is_discarded() ? ours && !may_differ : !ours && !may_differ) std::abort();
  if (ours && !theirs.is_discarded() && !IsSame(*ours, theirs)) std::abort();
}

void CheckType(std::string_view json) {
  const auto first = schema::cty::TypeFromJson(json);
  if (!first) return;
  const auto second = schema::cty::TypeFromJson(schema::cty::ToJson(*first));
  if (!second || !(*second == *first)) std::abort();
}

void CheckValue(std::string_view json, const schema::cty::Type& type) {
  const auto first = schema::cty::FromJson(json, type, UnknownMembers::kDropped);
  if (!first) return;
  const auto written = schema::cty::ToJson(*first);
  if (!written) std::abort();
  const auto second = schema::cty::FromJson(*written, type, UnknownMembers::kRefused);
  if (!second || !(*second == *first)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view json(reinterpret_cast<const char*>(data) + 1, size - 1);
  CheckReader(json);
  CheckType(json);
  CheckValue(json, fuzz::ChooseType(data[0]));
  return 0;
}
