// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/tags.h"

namespace engine::vendors::aws {

base::Json ToJson(const AwsTags& tags) {
  base::Json list = base::Json::array();
  for (const auto& [key, value] : tags) list.push_back({{"Key", key}, {"Value", value}});
  return list;
}

AwsTags FindTags(const base::Json& object, std::string_view name) {
  AwsTags tags;
  const base::Json* list = base::FindMember(object, name);
  if (list == nullptr || !list->is_array()) return tags;
  for (const base::Json& tag : *list)
    tags.emplace(base::FindString(tag, "Key").value_or(""), base::FindString(tag, "Value").value_or(""));
  return tags;
}

bool HasTag(const AwsTags& tags, std::string_view key, std::string_view value) {
  const auto found = tags.find(key);
  return found != tags.end() && found->second == value;
}

AwsTags MissingTags(const AwsTags& there, const AwsTags& wanted) {
  AwsTags missing;
  for (const auto& [key, value] : wanted) {
    if (!HasTag(there, key, value)) missing.emplace(key, value);
  }
  return missing;
}

}  // namespace engine::vendors::aws
