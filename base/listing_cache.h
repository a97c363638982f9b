// SPDX-License-Identifier: MPL-2.0
// ListingCache: caches one list response, indexed by key; fetched on the first lookup.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/call.h"
#include "base/result.h"
#include "base/single_flight.h"

namespace base {

// Safe from many threads: one fetches, the others wait for its answer.
template <typename Item>
class ListingCache {
 public:
  using Items = std::map<std::string, Item>;
  using ItemsPtr = std::shared_ptr<const Items>;  // shared: lookups go on in a list that was replaced meanwhile

  // Empty when the list lacks it. `fetch` returns a Result<Items>; a failed fetch is not remembered.
  // Errors: those of `fetch`, kCancelled, kTimeout.
  template <typename Fetch>
  Result<std::optional<Item>> Find(const Call& call, const std::string& key, const Fetch& fetch) {
    const auto list = All(call, fetch);
    if (!list) return list.error();
    const auto found = (*list)->find(key);
    return found == (*list)->end() ? std::nullopt : std::optional(found->second);
  }
  // The whole list, never null. Errors as Find.
  template <typename Fetch>
  Result<ItemsPtr> All(const Call& call, const Fetch& fetch) {
    if (auto list = Current()) return list;
    return flights_.Run(call, {}, [&]() -> Result<ItemsPtr> { return FetchOnce(fetch); });
  }
  // Replaces an item of the list by what is known to be newer.
  void Set(const std::string& key, Item item) {
    const std::lock_guard lock(mutex_);
    ++changes_;
    if (!items_) return;
    auto items = std::make_shared<Items>(*items_);
    items->insert_or_assign(key, std::move(item));
    items_ = std::move(items);
  }
  void Forget() {
    const std::lock_guard lock(mutex_);
    ++changes_;
    items_.reset();
  }

 private:
  template <typename Fetch>
  Result<ItemsPtr> FetchOnce(const Fetch& fetch) {
    std::unique_lock lock(mutex_);
    if (items_) return items_;
    const auto changes = changes_;
    lock.unlock();
    auto fetched = fetch();
    if (!fetched) return std::move(fetched).error();
    ItemsPtr items = std::make_shared<const Items>(*std::move(fetched));
    lock.lock();
    if (changes == changes_) items_ = items;
    return items;
  }
  ItemsPtr Current() {
    const std::lock_guard lock(mutex_);
    return items_;
  }

  SingleFlight<ItemsPtr> flights_;
  std::mutex mutex_;
  ItemsPtr items_;             // guarded by mutex_; null: not fetched
  unsigned long changes_ = 0;  // guarded by mutex_; a list that was fetched across a change is not kept: it may be older
};

}  // namespace base
