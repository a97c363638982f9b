// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/resource_table.h"

namespace provider::rpc {

const schema::cty::Type& ResourceEntry::type() const {
  std::call_once(once_, [this] { type_ = schema().ImpliedType(); });
  return *type_;
}

ResourceTable::ResourceTable(std::span<const std::unique_ptr<resources::Resource>> resources) {
  for (const auto& resource : resources) entries_.try_emplace(resource->type_name(), *resource);
}

const ResourceEntry* ResourceTable::Find(std::string_view type_name) const {
  const auto found = entries_.find(type_name);
  return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace provider::rpc
