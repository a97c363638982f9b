// SPDX-License-Identifier: MPL-2.0
// What many certificates wait for and only the vendor can tell: one of them asks, the others learn it from that one.
#pragma once

#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "base/call.h"
#include "base/result.h"
#include "engine/dns/zone_locks.h"

namespace engine::dns {

// Safe from many threads.
class AwaitedOnce {
 public:
  // Returns once `await` has succeeded for the key, here or for an earlier caller; one of them runs at a time.
  // Errors: those of this caller's `await`, kCancelled, kTimeout.
  base::Result<void> Await(const base::Call& call, const std::string& key, const std::function<base::Result<void>()>& await);

 private:
  bool HasCome(const std::string& key);

  ZoneLocks locks_;
  std::mutex mutex_;
  std::set<std::string> come_;
};

}  // namespace engine::dns
