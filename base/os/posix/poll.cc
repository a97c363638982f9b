// SPDX-License-Identifier: MPL-2.0
#include "base/os/poll.h"

#include <poll.h>

#include <algorithm>
#include <vector>

namespace base::os {

void Poll(std::span<Polled> all, std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kMaxLimit = std::chrono::hours(1);
  std::vector<pollfd> polls;
  for (const Polled& one : all) {
    const int events = POLLIN | (one.awaits_writing ? POLLOUT : 0);
    polls.push_back({.fd = one.number, .events = static_cast<short>(events), .revents = 0});
  }
  const auto timeout = std::clamp(limit, std::chrono::milliseconds(0), kMaxLimit);
  const bool some = poll(polls.data(), static_cast<nfds_t>(polls.size()), static_cast<int>(timeout.count())) > 0;
  for (std::size_t i = 0; i < polls.size(); ++i) all[i].is_ready = some && polls[i].revents != 0;
}

}  // namespace base::os
