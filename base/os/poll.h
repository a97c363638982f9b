// SPDX-License-Identifier: MPL-2.0
// Waits for many sockets and pipes at once.
#pragma once

#include <chrono>
#include <span>

namespace base::os {

struct Polled {
  int number = -1;              // of a Socket, a Waker or a pipe; below 0: never ready
  bool awaits_writing = false;  // ready also when bytes can be written to it
  bool is_ready = false;        // set by Poll; also when it has failed or was closed on the other side
};

// Blocks until one of them is ready or `limit` has passed. May return earlier with none that is ready.
void Poll(std::span<Polled> all, std::chrono::milliseconds limit);

}  // namespace base::os
