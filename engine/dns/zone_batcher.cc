// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone_batcher.h"

#include <algorithm>
#include <utility>

#include "base/await.h"

namespace engine::dns {

using base::ErrorKind;

bool ZoneBatcher::AwaitTurn(const base::Call& call, ZoneQueue& queue, const RequestPtr& mine,
                            std::unique_lock<std::mutex>& lock) {
  auto waited = base::Await(call, changed_, lock, [&] { return mine->is_done || !queue.is_busy; });
  if (mine->is_done) return false;
  if (waited) waited = call.Check();
  if (waited) return true;
  std::erase(queue.waiting, mine);
  mine->is_done = true;
  mine->outcome = {.change = std::move(waited).error(), .may_be_done = mine->is_sent};
  return false;
}

// The caller's own request comes first.
std::vector<ZoneBatcher::RequestPtr> ZoneBatcher::TakeBatch(ZoneQueue& queue, const RequestPtr& mine) {
  std::vector<RequestPtr> batch{mine};
  for (const RequestPtr& other : queue.waiting) {
    const bool fits = !mine->must_go_alone && !other->must_go_alone && other->owner == mine->owner;
    if (other != mine && fits) batch.push_back(other);
  }
  for (const RequestPtr& one : batch) one->is_sent = true;
  std::erase_if(queue.waiting, [](const RequestPtr& one) { return one->is_sent; });
  return batch;
}

// A refusal may be the fault of one request, and a cancelled call concerns its caller only: the others try again.
void ZoneBatcher::FinishBatch(ZoneQueue& queue, const RequestPtr& mine, std::span<const RequestPtr> batch,
                              const EditOutcome& outcome) {
  const ErrorKind kind = outcome.change ? ErrorKind::kInternal : outcome.change.error().kind;
  const bool concerns_caller_only = kind == ErrorKind::kCancelled || kind == ErrorKind::kTimeout;
  const bool is_refused = kind == ErrorKind::kInvalid || kind == ErrorKind::kConflict || kind == ErrorKind::kDenied;
  for (const RequestPtr& one : batch) {
    if (one->is_done) continue;  // its caller has left
    const bool tries_again = (concerns_caller_only && one != mine) || (is_refused && batch.size() > 1);
    if (!tries_again) {
      one->outcome = outcome;
      one->is_done = true;
      continue;
    }
    one->must_go_alone = one->must_go_alone || is_refused;
    one->is_sent = false;
    queue.waiting.push_back(one);
  }
}

EditOutcome ZoneBatcher::Run(const base::Call& call, const std::string& queue_name, const void* owner,
                             std::span<const TxtEdit> edits, const Send& send) {
  const auto mine = std::make_shared<Request>();
  mine->owner = owner;
  mine->edits.assign(edits.begin(), edits.end());
  std::unique_lock lock(mutex_);
  ZoneQueue& queue = queues_[queue_name];
  queue.waiting.push_back(mine);
  while (AwaitTurn(call, queue, mine, lock)) {
    const std::vector<RequestPtr> batch = TakeBatch(queue, mine);
    queue.is_busy = true;
    lock.unlock();
    std::vector<TxtEdit> all;
    for (const RequestPtr& one : batch) all.insert(all.end(), one->edits.begin(), one->edits.end());
    const EditOutcome outcome = send(call, all);
    lock.lock();
    queue.is_busy = false;
    FinishBatch(queue, mine, batch, outcome);
    changed_.notify_all();
  }
  return mine->outcome;
}

std::size_t ZoneBatcher::CountWaiting(const std::string& queue) {
  const std::lock_guard lock(mutex_);
  return queues_[queue].waiting.size();
}

}  // namespace engine::dns
