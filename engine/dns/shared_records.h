// SPDX-License-Identifier: MPL-2.0
// SharedRecords: counts the orders that use a challenge record. Some CAs give several orders one token, and so one TXT value: it
// is placed once and removed by its last user.
#pragma once

#include <compare>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/call.h"
#include "base/result.h"
#include "engine/dns/provider.h"

namespace engine::dns {

struct RecordKey {
  std::string connection;  // its id: the same name may stand at two servers (split horizon)
  std::string zone;
  std::string fqdn;
  std::string value;

  auto operator<=>(const RecordKey&) const = default;
};

// For the user: _acme-challenge.example.test. "value" in zone example.test.
std::string DescribeRecord(const RecordKey& key);

// Safe from many threads.
class SharedRecords {
 public:
  enum class State { kToBePlaced, kPlaced };

  // Counts one user more. kPlaced: another user has placed it. Blocks while the last user before is removing it.
  // Errors: kCancelled, kTimeout; then nothing is counted.
  base::Result<State> Acquire(const base::Call& call, const RecordKey& key);
  void SetPlaced(const RecordKey& key, PlacedRecord record);

  // Counts one user less. The record when that was the last one: remove it, then say how that went.
  std::optional<PlacedRecord> Release(const RecordKey& key);
  void SetRemoved(const RecordKey& key);
  // It is still there, and the user who called Release has it again.
  void SetKept(const RecordKey& key);

 private:
  struct Entry {
    int users = 0;
    bool is_being_removed = false;
    std::optional<PlacedRecord> placed{};
  };

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<RecordKey, Entry> entries_;
};

}  // namespace engine::dns
