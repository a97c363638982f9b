// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone_locks.h"

#include <utility>

#include "base/await.h"

namespace engine::dns {

base::Result<ZoneLocks::Held> ZoneLocks::Acquire(const base::Call& call, const std::string& key) {
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  std::unique_lock lock(mutex_);
  auto released = base::Await(call, changed_, lock, [&] { return !held_.contains(key); });
  if (!released) return std::move(released).error();
  held_.insert(key);
  return Held(*this, key);
}

void ZoneLocks::Release(const std::string& key) {
  std::lock_guard lock(mutex_);
  held_.erase(key);
  changed_.notify_all();
}

}  // namespace engine::dns
