// SPDX-License-Identifier: MPL-2.0
#include "base/poller.h"

#include <algorithm>

namespace base {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kLogEvery{10};

}  // namespace

milliseconds PauseAfter(std::size_t polls, std::span<const milliseconds> pauses) {
  return pauses[std::min(polls, pauses.size() - 1)];
}

Result<void> Poller::Pause(std::optional<milliseconds> requested) {
  const milliseconds pause = requested.value_or(PauseAfter(count_++, pauses_));
  const SteadyTime now = call_.SteadyNow();
  if (now - logged_ + pause >= kLogEvery) {
    logged_ = now;
    call_.log.Info(waiting_, {{key::kTook, TimeSpent()}, {key::kWait, pause}});
  }
  return call_.Wait(pause);
}

milliseconds Poller::TimeSpent() const { return std::chrono::duration_cast<milliseconds>(call_.SteadyNow() - began_); }

}  // namespace base
