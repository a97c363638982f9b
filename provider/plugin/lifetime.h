// SPDX-License-Identifier: MPL-2.0
// Lifetime: when the process is to end. A host that stops in an orderly way calls Shutdown; one that was killed leaves its
// plugins behind, and all that they see of it is that its streams end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace provider::plugin {

// Safe from many threads.
class Lifetime {
 public:
  enum class End { kShutdown, kInterrupted, kOrphaned };
  enum class Watchdog { kOn, kOff };  // off: the host comes and goes, as with TF_REATTACH_PROVIDERS

  explicit Lifetime(Watchdog watchdog);

  void Shutdown() { Finish(End::kShutdown); }
  void Interrupt() { Finish(End::kInterrupted); }
  // The host opened, or let go of, a stream that it holds for as long as it lives.
  void StreamOpened();
  void StreamClosed();

  // Blocks until the process is to end. The host is taken for dead when its streams are gone without a Shutdown and the parent
  // process has changed, or a second has passed (an orderly host calls Shutdown right after); or when there never was a stream
  // and the parent process has changed.
  End Wait();

 private:
  void Finish(End why);

  const Watchdog watchdog_;
  const int parent_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  End end_ = End::kShutdown;
  bool seen_ = false;  // a stream was opened once
  int streams_ = 0;
};

}  // namespace provider::plugin
