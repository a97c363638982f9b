// SPDX-License-Identifier: MPL-2.0
// Tables of what a client asks for by type name: resources, data sources, ephemeral resources, each with the implied type of its
// schema, which every conversion needs, made once.
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
#include "resources/source.h"
#include "schema/cty/type.h"

namespace provider::rpc {

// `T`: resources::Resource or resources::Source.
template <typename T>
class Entry {
 public:
  explicit Entry(const T& resource) : resource_(resource) {}

  const T& resource() const { return resource_; }
  const schema::Schema& schema() const { return resource_.schema(); }
  // Made at the first call: a process that only prints its schema needs none. Safe from many threads.
  const schema::cty::Type& type() const {
    std::call_once(once_, [this] { type_ = schema().ImpliedType(); });
    return *type_;
  }

 private:
  const T& resource_;  // borrowed; outlives this
  mutable std::once_flag once_;
  mutable std::optional<schema::cty::Type> type_;
};

template <typename T>
class Table {
 public:
  explicit Table(std::span<const std::unique_ptr<T>> all) {
    for (const auto& one : all) entries_.try_emplace(one->type_name(), *one);
  }

  // Null when there is no such type.
  const Entry<T>* Find(std::string_view type_name) const {
    const auto found = entries_.find(type_name);
    return found == entries_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, Entry<T>, std::less<>>& entries() const { return entries_; }

 private:
  std::map<std::string, Entry<T>, std::less<>> entries_;
};

using ResourceEntry = Entry<resources::Resource>;
using SourceEntry = Entry<resources::Source>;

}  // namespace provider::rpc
