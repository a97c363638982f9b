// SPDX-License-Identifier: MPL-2.0
// Listed: what a list told of many things, by key. It is asked for when the first of them is looked for, and kept.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"

namespace base {

// Safe from many threads: those that come while the list is being fetched wait for it.
template <typename Item>
class Listed {
 public:
  using Items = std::map<std::string, Item>;

  // Empty when the list lacks it. `fetch` returns a Result<Items>; its error is returned, and the next call fetches again.
  template <typename Fetch>
  Result<std::optional<Item>> Find(const std::string& key, Fetch fetch) {
    const std::lock_guard lock(mutex_);
    if (!items_) {
      auto fetched = fetch();
      if (!fetched) return std::move(fetched).error();
      items_ = *std::move(fetched);
    }
    const auto found = items_->find(key);
    return found == items_->end() ? std::nullopt : std::optional(found->second);
  }
  // What is known better than the list that was fetched.
  void Set(const std::string& key, Item item) {
    const std::lock_guard lock(mutex_);
    if (items_) items_->insert_or_assign(key, std::move(item));
  }
  void Forget() {
    const std::lock_guard lock(mutex_);
    items_.reset();
  }

 private:
  std::mutex mutex_;
  std::optional<Items> items_;  // guarded by mutex_
};

}  // namespace base
