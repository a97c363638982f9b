// SPDX-License-Identifier: MPL-2.0
// Changes of one zone by many threads at once, gathered: while one is on its way to the vendor the next ones wait, and then go
// out together. So no two of this process overwrite each other, and a hundred certificates need no hundred changes.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/dns/provider.h"

namespace engine::dns {

struct TxtEdit {
  enum class Action { kAdd, kRemove };
  Action action;
  TxtRecord record;
};

struct EditOutcome {
  base::Result<std::string> change;  // the vendor's id of it; empty where nothing had to be done
  bool may_be_done = false;          // after a failure: some of it may stand nevertheless
};

// Safe from many threads.
class ZoneChanges {
 public:
  // Does several callers' edits in one go, any number of times.
  using Carry = std::function<EditOutcome(const base::Call& call, std::span<const TxtEdit> edits)>;

  // `zone` is changed by one thread at a time. Edits of the same `owner`, compared as an address and no more, may be carried out
  // together; where that is refused, each goes alone. Blocks. Errors: those of `carry`, kCancelled, kTimeout.
  EditOutcome Run(const base::Call& call, const std::string& zone, const void* owner, std::span<const TxtEdit> edits,
                  const Carry& carry);

  // How many callers are in line behind the one that changes the zone.
  std::size_t CountWaiting(const std::string& zone);

 private:
  struct Waiting {
    const void* owner = nullptr;
    std::vector<TxtEdit> edits;
    bool is_alone = false;  // it was refused in company
    bool is_taken = false;
    bool is_done = false;
    EditOutcome outcome{.change = std::string()};
  };
  using WaitingPtr = std::shared_ptr<Waiting>;  // shared: who takes it on and who waits for it may leave in any order
  struct Line {
    bool is_busy = false;
    std::deque<WaitingPtr> waiting;
  };

  // True when it is this caller's turn; false when it is done already, or was given up with the outcome in `mine`.
  bool AwaitTurn(const base::Call& call, Line& line, const WaitingPtr& mine, std::unique_lock<std::mutex>& lock);
  static std::vector<WaitingPtr> Take(Line& line, const WaitingPtr& mine);
  static void Finish(Line& line, const WaitingPtr& mine, std::span<const WaitingPtr> taken, const EditOutcome& outcome);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Line> lines_;
};

// The one of this process.
ZoneChanges& ProcessZoneChanges();

}  // namespace engine::dns
