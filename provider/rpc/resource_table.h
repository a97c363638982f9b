// SPDX-License-Identifier: MPL-2.0
// ResourceTable: a resource by its type name, with the implied type of its schema, which each conversion needs, made once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "resources/resource.h"
#include "schema/cty/type.h"

namespace provider::rpc {

class ResourceEntry {
 public:
  explicit ResourceEntry(const resources::Resource& resource) : resource_(resource) {}

  const resources::Resource& resource() const { return resource_; }
  const schema::Schema& schema() const { return resource_.schema(); }
  // Made at the first call: a process that only prints its schema needs none. Safe from many threads.
  const schema::cty::Type& type() const;

 private:
  const resources::Resource& resource_;  // borrowed; outlives this
  mutable std::once_flag once_;
  mutable std::optional<schema::cty::Type> type_;
};

class ResourceTable {
 public:
  explicit ResourceTable(std::span<const std::unique_ptr<resources::Resource>> resources);

  // Null when there is no such type.
  const ResourceEntry* Find(std::string_view type_name) const;
  const std::map<std::string, ResourceEntry, std::less<>>& entries() const { return entries_; }

 private:
  std::map<std::string, ResourceEntry, std::less<>> entries_;
};

}  // namespace provider::rpc
