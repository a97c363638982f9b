// SPDX-License-Identifier: MPL-2.0
// ZoneBatcher: combines changes that many threads make to the same zone. While one change is on its way to the vendor, the next
// ones queue up and are sent together. So no two changes of this process overwrite each other, and a hundred certificates do not
// need a hundred changes.
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
  base::Result<std::string> change;  // the vendor's id of the change; empty when nothing had to change
  bool may_be_done = false;          // after a failure: part of it may have taken effect
};

// Safe from many threads.
class ZoneBatcher {
 public:
  // Sends the edits of one or several callers as one change. May be called any number of times.
  using Send = std::function<EditOutcome(const base::Call& call, std::span<const TxtEdit> edits)>;

  // Changes the zone that `queue` names, one thread at a time. Edits of the same `owner` (compared by address, never
  // dereferenced) may be sent together; if that is refused, each is sent alone. Blocks. Errors: those of `send`, kCancelled,
  // kTimeout.
  EditOutcome Run(const base::Call& call, const std::string& queue, const void* owner, std::span<const TxtEdit> edits,
                  const Send& send);

  // How many callers wait for the one that changes the zone.
  std::size_t CountWaiting(const std::string& queue);

 private:
  struct Request {
    const void* owner = nullptr;
    std::vector<TxtEdit> edits;
    bool must_go_alone = false;  // it was refused together with others
    bool is_sent = false;
    bool is_done = false;
    EditOutcome outcome{.change = std::string()};
  };
  using RequestPtr = std::shared_ptr<Request>;  // shared: its sender and its caller may leave in any order
  struct ZoneQueue {
    bool is_busy = false;
    std::deque<RequestPtr> waiting;
  };

  // True when it is this caller's turn; false when the request is done, or was given up with the outcome in it.
  bool AwaitTurn(const base::Call& call, ZoneQueue& queue, const RequestPtr& mine, std::unique_lock<std::mutex>& lock);
  static std::vector<RequestPtr> TakeBatch(ZoneQueue& queue, const RequestPtr& mine);
  static void FinishBatch(ZoneQueue& queue, const RequestPtr& mine, std::span<const RequestPtr> batch,
                          const EditOutcome& outcome);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, ZoneQueue> queues_;
};

}  // namespace engine::dns
