// SPDX-License-Identifier: MPL-2.0
// NoncePool: the anti-replay nonces that a CA handed out (RFC 8555 section 6.5), each used once.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace engine::acme {

// Last in, first out, since CAs forget the oldest first; at most 64, none older than five minutes. Safe from many threads.
class NoncePool {
 public:
  // Ignores what is no base64url text, as section 6.5.1 demands.
  void Put(std::string_view nonce, base::SteadyTime now);
  std::optional<std::string> Take(base::SteadyTime now);

 private:
  struct Entry {
    std::string nonce;
    base::SteadyTime since;
  };

  std::mutex mutex_;
  std::vector<Entry> entries_;  // guarded by mutex_; oldest first
};

}  // namespace engine::acme
