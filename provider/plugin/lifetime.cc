// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/lifetime.h"

#include "base/os/this_process.h"

namespace provider::plugin {
namespace {

constexpr std::chrono::milliseconds kLook{10};
constexpr int kLooks = 100;  // a second
constexpr std::chrono::seconds kParentCheck{10};

}  // namespace

Lifetime::Lifetime(Watchdog watchdog) : watchdog_(watchdog), parent_(base::os::ParentProcessId()) {}

void Lifetime::Finish(End why) {
  std::lock_guard lock(mutex_);
  if (!ended_) end_ = why;
  ended_ = true;
  changed_.notify_all();
}

void Lifetime::StreamOpened() {
  std::lock_guard lock(mutex_);
  seen_ = true;
  ++streams_;
  changed_.notify_all();
}

void Lifetime::StreamClosed() {
  std::lock_guard lock(mutex_);
  --streams_;
  changed_.notify_all();
}

Lifetime::End Lifetime::Wait() {
  std::unique_lock lock(mutex_);
  const auto ended = [this] { return ended_; };
  if (watchdog_ == Watchdog::kOff) {
    changed_.wait(lock, ended);
    return end_;
  }
  while (!changed_.wait_for(lock, kParentCheck, [this] { return ended_ || seen_; })) {
    if (base::os::ParentProcessId() != parent_) return End::kOrphaned;
  }
  for (;;) {
    changed_.wait(lock, [this] { return ended_ || streams_ == 0; });
    if (ended_) return end_;
    for (int look = 0; look < kLooks && !ended_ && streams_ == 0 && base::os::ParentProcessId() == parent_; ++look)
      changed_.wait_for(lock, kLook);
    if (!ended_ && streams_ == 0) return End::kOrphaned;
  }
}

}  // namespace provider::plugin
