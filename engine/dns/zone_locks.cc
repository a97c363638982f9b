// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone_locks.h"

#include <algorithm>

namespace engine::dns {

base::Result<ZoneLocks::Held> ZoneLocks::Acquire(const base::Call& call, const std::string& key) {
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  const auto limit = std::min<base::TimePoint::duration>(call.deadline - call.Now(), std::chrono::hours(1));
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, call.stop, limit, [&] { return !held_.contains(key); })) {
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
    return base::Error{base::ErrorKind::kTimeout, "the zone is still being changed by another certificate's order"};
  }
  held_.insert(key);
  return Held(*this, key);
}

void ZoneLocks::Release(const std::string& key) {
  std::lock_guard lock(mutex_);
  held_.erase(key);
  changed_.notify_all();
}

ZoneLocks& ProcessZoneLocks() {
  static ZoneLocks locks;
  return locks;
}

}  // namespace engine::dns
