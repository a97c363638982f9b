// SPDX-License-Identifier: MPL-2.0
// Tags as AWS's JSON APIs write them.
#pragma once

#include <map>
#include <string>

#include "base/json.h"

namespace tests {

using TagMap = std::map<std::string, std::string>;

inline base::Json TagList(const TagMap& tags) {
  base::Json list = base::Json::array();
  for (const auto& [key, value] : tags) list.push_back({{"Key", key}, {"Value", value}});
  return list;
}

inline void AddTags(const base::Json& list, TagMap& tags) {
  for (const base::Json& tag : list) tags[tag.at("Key").get<std::string>()] = tag.at("Value").get<std::string>();
}

}  // namespace tests
