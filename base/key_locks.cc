// SPDX-License-Identifier: MPL-2.0
#include "base/key_locks.h"

#include <utility>

#include "base/await.h"

namespace base {

Result<KeyLocks::Turn> KeyLocks::Acquire(const Call& call, const std::string& key) {
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  std::unique_lock lock(mutex_);
  auto released = Await(call, changed_, lock, [&] { return !held_.contains(key); });
  if (!released) return std::move(released).error();
  held_.insert(key);
  return Turn(*this, key);
}

void KeyLocks::Release(const std::string& key) {
  const std::lock_guard lock(mutex_);
  held_.erase(key);
  changed_.notify_all();
}

}  // namespace base
