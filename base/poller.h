// SPDX-License-Identifier: MPL-2.0
// Poller: the pauses of a loop that looks again and again until something has happened elsewhere. Not for repeating what failed:
// such loops count their attempts.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/call.h"
#include "base/clock.h"
#include "base/result.h"

namespace base {

// The pause after so many polls; the last one of `pauses`, which is not empty, repeats. Pure.
std::chrono::milliseconds PauseAfter(std::size_t polls, std::span<const std::chrono::milliseconds> pauses);

// For one thread.
class Poller {
 public:
  // All are borrowed; outlive this. `waiting` is the message of the log: "waiting for the CA".
  Poller(const Call& call, std::string_view waiting, std::span<const std::chrono::milliseconds> pauses)
      : call_(call), waiting_(waiting), pauses_(pauses), began_(call.SteadyNow()), logged_(began_) {}

  // Blocks for the next pause, or for `requested` in its place; logs every ten seconds that the wait goes on. Errors: kCancelled,
  // kTimeout.
  Result<void> Pause(std::optional<std::chrono::milliseconds> requested = std::nullopt);

  std::size_t pauses() const { return count_; }  // so far
  std::chrono::milliseconds TimeSpent() const;   // since this was made

 private:
  const Call& call_;
  std::string_view waiting_;
  std::span<const std::chrono::milliseconds> pauses_;
  SteadyTime began_;
  SteadyTime logged_;
  std::size_t count_ = 0;
};

}  // namespace base
