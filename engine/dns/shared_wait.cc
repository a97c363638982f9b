// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/shared_wait.h"

#include <algorithm>
#include <chrono>

namespace engine::dns {
namespace {

using base::ErrorKind;
using base::Result;

// It says nothing of what was asked for, only of the one who asked.
bool IsOwn(const Result<void>& answer) {
  return !answer && (answer.error().kind == ErrorKind::kCancelled || answer.error().kind == ErrorKind::kTimeout);
}

}  // namespace

Result<void> SharedWait::Run(const base::Call& call, const std::string& key, const std::function<Result<void>()>& ask) {
  std::unique_lock lock(mutex_);
  for (auto found = asking_.find(key); found != asking_.end(); found = asking_.find(key)) {
    const auto other = found->second;
    const auto left = std::min<base::TimePoint::duration>(call.deadline - call.Now(), std::chrono::hours(1));
    (void)changed_.wait_for(lock, call.stop, left, [&] { return other->answer.has_value(); });
    if (other->answer && !IsOwn(*other->answer)) return *other->answer;
    if (auto fine = call.Check(); !fine) return fine;
  }
  const auto mine = std::make_shared<Asking>();
  asking_[key] = mine;
  lock.unlock();
  auto answer = ask();
  lock.lock();
  mine->answer = answer;
  asking_.erase(key);
  changed_.notify_all();
  return answer;
}

SharedWait& ProcessWait() {
  static SharedWait wait;
  return wait;
}

}  // namespace engine::dns
