// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone_changes.h"

#include <algorithm>
#include <utility>

namespace engine::dns {

using base::ErrorKind;

bool ZoneChanges::AwaitTurn(const base::Call& call, Line& line, const WaitingPtr& mine, std::unique_lock<std::mutex>& lock) {
  while (!mine->is_done) {
    auto fine = call.Check();
    if (!fine) {
      std::erase(line.waiting, mine);
      mine->is_done = true;
      mine->outcome = {.change = std::move(fine).error(), .may_be_done = mine->is_taken};
      return false;
    }
    if (!line.is_busy) return true;
    const auto limit = std::min<base::TimePoint::duration>(call.deadline - call.Now(), std::chrono::hours(1));
    changed_.wait_for(lock, call.stop, limit, [&] { return mine->is_done || !line.is_busy; });
  }
  return false;
}

// Those that go out now, the caller's own first.
std::vector<ZoneChanges::WaitingPtr> ZoneChanges::Take(Line& line, const WaitingPtr& mine) {
  std::vector<WaitingPtr> taken{mine};
  for (const WaitingPtr& other : line.waiting) {
    const bool fits = !mine->is_alone && !other->is_alone && other->owner == mine->owner;
    if (other != mine && fits) taken.push_back(other);
  }
  for (const WaitingPtr& one : taken) one->is_taken = true;
  std::erase_if(line.waiting, [](const WaitingPtr& one) { return one->is_taken; });
  return taken;
}

// A refusal may be one caller's fault, and a cancelled call is this caller's alone: the others try for themselves.
void ZoneChanges::Finish(Line& line, const WaitingPtr& mine, std::span<const WaitingPtr> taken, const EditOutcome& outcome) {
  const ErrorKind kind = outcome.change ? ErrorKind::kInternal : outcome.change.error().kind;
  const bool is_own = kind == ErrorKind::kCancelled || kind == ErrorKind::kTimeout;
  const bool is_refused = kind == ErrorKind::kInvalid || kind == ErrorKind::kConflict || kind == ErrorKind::kDenied;
  for (const WaitingPtr& one : taken) {
    if (one->is_done) continue;  // its caller has left
    const bool tries_again = (is_own && one != mine) || (is_refused && taken.size() > 1);
    if (!tries_again) {
      one->outcome = outcome;
      one->is_done = true;
      continue;
    }
    one->is_alone = one->is_alone || is_refused;
    one->is_taken = false;
    line.waiting.push_back(one);
  }
}

EditOutcome ZoneChanges::Run(const base::Call& call, const std::string& zone, const void* owner, std::span<const TxtEdit> edits,
                             const Carry& carry) {
  const auto mine = std::make_shared<Waiting>();
  mine->owner = owner;
  mine->edits.assign(edits.begin(), edits.end());
  std::unique_lock lock(mutex_);
  Line& line = lines_[zone];
  line.waiting.push_back(mine);
  while (AwaitTurn(call, line, mine, lock)) {
    const std::vector<WaitingPtr> taken = Take(line, mine);
    line.is_busy = true;
    lock.unlock();
    std::vector<TxtEdit> all;
    for (const WaitingPtr& one : taken) all.insert(all.end(), one->edits.begin(), one->edits.end());
    const EditOutcome outcome = carry(call, all);
    lock.lock();
    line.is_busy = false;
    Finish(line, mine, taken, outcome);
    changed_.notify_all();
  }
  return mine->outcome;
}

std::size_t ZoneChanges::CountWaiting(const std::string& zone) {
  const std::lock_guard lock(mutex_);
  return lines_[zone].waiting.size();
}

ZoneChanges& ProcessZoneChanges() {
  static ZoneChanges changes;
  return changes;
}

}  // namespace engine::dns
