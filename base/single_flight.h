// SPDX-License-Identifier: MPL-2.0
// SingleFlight: when several threads ask for the same thing at the same time, one of them fetches it and all get its answer.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/await.h"
#include "base/call.h"
#include "base/result.h"

namespace base {

// Remembers nothing once a fetch has ended: see ListingCache and the token cache for that. Safe from many threads; no lock is
// held while `fetch` runs.
template <typename Value>
class SingleFlight {
 public:
  // The answer of the `fetch` that runs for this key, or else of the one given, which returns a Result<Value>. A caller that
  // waits can be cancelled alone. If the one that fetches is cancelled, runs out of time or throws, the next one fetches. Errors:
  // those of `fetch`, kCancelled, kTimeout.
  template <typename Fetch>
  Result<Value> Run(const Call& call, const std::string& key, const Fetch& fetch) {
    std::unique_lock lock(mutex_);
    for (auto found = flights_.find(key); found != flights_.end(); found = flights_.find(key)) {
      const std::shared_ptr<Flight> other = found->second;
      if (auto ended = Await(call, changed_, lock, [&] { return other->has_ended; }); !ended) return std::move(ended).error();
      if (other->answer && !ConcernsCallerOnly(*other->answer)) return *other->answer;
      if (auto fine = call.Check(); !fine) return std::move(fine).error();
    }
    const auto mine = std::make_shared<Flight>();
    flights_[key] = mine;
    lock.unlock();
    const Ending ending{*this, key, *mine};
    mine->answer = fetch();
    return *mine->answer;
  }

 private:
  struct Flight {
    std::optional<Result<Value>> answer;  // read by others once the flight has ended
    bool has_ended = false;               // guarded by mutex_
  };
  // Ends the flight also when `fetch` throws.
  struct Ending {
    SingleFlight& flights;
    const std::string& key;
    Flight& flight;
    ~Ending() {
      const std::lock_guard lock(flights.mutex_);
      flight.has_ended = true;
      flights.flights_.erase(key);
      flights.changed_.notify_all();
    }
  };

  static bool ConcernsCallerOnly(const Result<Value>& answer) {
    return !answer && (answer.error().kind == ErrorKind::kCancelled || answer.error().kind == ErrorKind::kTimeout);
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, std::shared_ptr<Flight>> flights_;  // shared: callers read the answer after it has left the map
};

}  // namespace base
