// SPDX-License-Identifier: MPL-2.0
// TokenCache: access tokens and temporary credentials, fetched when needed and kept until shortly before they expire.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/call.h"
#include "base/result.h"
#include "base/single_flight.h"

namespace engine::connections {

template <typename Value>
struct Expiring {
  Value value;
  std::optional<base::TimePoint> expires_at{};  // empty: never
};

// Safe from many threads: per key one fetches, the others wait for its answer. No lock is held meanwhile.
template <typename Value>
class TokenCache {
 public:
  // A token that is too close to its end is not given out: a request under way must not see it expire, whatever the clocks say.
  static constexpr std::chrono::minutes kRefreshAhead{5};

  // The token of this key. `fetch` returns a Result<Expiring<Value>>; a failed fetch is not remembered. When it fails while the
  // old token is still valid, that one is returned. Errors: those of `fetch`, kCancelled, kTimeout.
  template <typename Fetch>
  base::Result<Value> Get(const base::Call& call, const std::string& key, const Fetch& fetch) {
    if (auto fresh = Find(key, call.Now() + kRefreshAhead)) return *std::move(fresh);
    return flights_.Run(call, key, [&]() -> base::Result<Value> {
      // The flight that this one follows may have landed since.
      if (auto fresh = Find(key, call.Now() + kRefreshAhead)) return *std::move(fresh);
      base::Result<Expiring<Value>> fetched = fetch();
      if (fetched) return Store(key, *std::move(fetched));
      auto old = Find(key, call.Now());
      if (!old) return std::move(fetched).error();
      call.log.Warn("token not renewed; the old one is used", {{base::key::kError, fetched.error().message}});
      return *std::move(old);
    });
  }

  // The token was refused: it is not given out again.
  void Forget(const std::string& key, const Value& refused) {
    const std::lock_guard lock(mutex_);
    const auto found = tokens_.find(key);
    if (found != tokens_.end() && found->second.value == refused) tokens_.erase(found);
  }

 private:
  // The token if it is valid beyond `time`.
  std::optional<Value> Find(const std::string& key, base::TimePoint time) {
    const std::lock_guard lock(mutex_);
    const auto found = tokens_.find(key);
    if (found == tokens_.end()) return std::nullopt;
    const bool is_valid = !found->second.expires_at || *found->second.expires_at > time;
    return is_valid ? std::optional(found->second.value) : std::nullopt;
  }
  Value Store(const std::string& key, Expiring<Value> token) {
    const std::lock_guard lock(mutex_);
    return tokens_.insert_or_assign(key, std::move(token)).first->second.value;
  }

  base::SingleFlight<Value> flights_;
  std::mutex mutex_;
  std::map<std::string, Expiring<Value>> tokens_;  // guarded by mutex_
};

}  // namespace engine::connections
