// SPDX-License-Identifier: MPL-2.0
// One change at a time to a zone whose API can only replace whole record sets: who reads a set must write it back before
// another one reads it. This holds within the process; between machines nothing but the vendor's API could.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "base/call.h"
#include "base/result.h"

namespace engine::dns {

// Safe from many threads.
class ZoneLocks {
 public:
  class Held {
   public:
    Held(ZoneLocks& locks, std::string key) : locks_(&locks), key_(std::move(key)) {}
    Held(Held&& other) noexcept : locks_(std::exchange(other.locks_, nullptr)), key_(std::move(other.key_)) {}
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (locks_ != nullptr) locks_->Release(key_);
    }

   private:
    ZoneLocks* locks_;
    std::string key_;
  };

  // Blocks until nobody else holds the key. Errors: kCancelled, kTimeout.
  base::Result<Held> Acquire(const base::Call& call, const std::string& key);

 private:
  void Release(const std::string& key);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::set<std::string> held_;
};

}  // namespace engine::dns
