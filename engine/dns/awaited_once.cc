// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/awaited_once.h"

namespace engine::dns {

base::Result<void> AwaitedOnce::Await(const base::Call& call, const std::string& key,
                                      const std::function<base::Result<void>()>& await) {
  if (HasCome(key)) return {};
  const auto held = locks_.Acquire(call, key);
  if (!held) return held.error();
  if (HasCome(key)) return {};
  auto awaited = await();
  if (!awaited) return awaited;
  const std::lock_guard lock(mutex_);
  come_.insert(key);
  return {};
}

bool AwaitedOnce::HasCome(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return come_.contains(key);
}

}  // namespace engine::dns
