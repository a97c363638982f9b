// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/shared_records.h"

#include <utility>

#include "base/await.h"
#include "base/text.h"

namespace engine::dns {

std::string DescribeRecord(const RecordKey& key) { return base::Cat(key.fqdn, " \"", key.value, "\" in zone ", key.zone); }

base::Result<SharedRecords::State> SharedRecords::Acquire(const base::Call& call, const RecordKey& key) {
  std::unique_lock lock(mutex_);
  auto removed = base::Await(call, changed_, lock, [&] {
    const auto found = entries_.find(key);
    return found == entries_.end() || !found->second.is_being_removed;
  });
  if (!removed) return std::move(removed).error();
  Entry& entry = entries_[key];
  ++entry.users;
  return entry.placed ? State::kPlaced : State::kToBePlaced;
}

void SharedRecords::SetPlaced(const RecordKey& key, PlacedRecord record) {
  std::lock_guard lock(mutex_);
  entries_[key].placed = std::move(record);
}

std::optional<PlacedRecord> SharedRecords::Release(const RecordKey& key) {
  std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || --found->second.users > 0) return std::nullopt;
  std::optional<PlacedRecord> placed = found->second.placed;
  found->second.is_being_removed = placed.has_value();
  if (!placed) entries_.erase(found);
  return placed;
}

void SharedRecords::SetRemoved(const RecordKey& key) {
  std::lock_guard lock(mutex_);
  entries_.erase(key);
  changed_.notify_all();
}

void SharedRecords::SetKept(const RecordKey& key) {
  std::lock_guard lock(mutex_);
  Entry& entry = entries_[key];
  entry.users = 1;
  entry.is_being_removed = false;
  changed_.notify_all();
}

}  // namespace engine::dns
