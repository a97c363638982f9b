// SPDX-License-Identifier: MPL-2.0
// KeyLocks: one at a time per key, for what is read over a network and written back. A wait for a turn can be cancelled, which a
// wait for a mutex cannot. This holds within the process; between machines nothing but the other side's API could.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "base/call.h"
#include "base/result.h"

namespace base {

// Safe from many threads.
class KeyLocks {
 public:
  // Releases the key when it goes away.
  class Turn {
   public:
    Turn(KeyLocks& locks, std::string key) : locks_(&locks), key_(std::move(key)) {}
    Turn(Turn&& other) noexcept : locks_(std::exchange(other.locks_, nullptr)), key_(std::move(other.key_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (locks_ != nullptr) locks_->Release(key_);
    }

   private:
    KeyLocks* locks_;
    std::string key_;
  };

  // Blocks until nobody else holds the key. Errors: kCancelled, kTimeout.
  Result<Turn> Acquire(const Call& call, const std::string& key);

 private:
  void Release(const std::string& key);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::set<std::string> held_;
};

}  // namespace base
