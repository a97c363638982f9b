// SPDX-License-Identifier: MPL-2.0
// A TCP connection that can be waited for no longer than a call allows.
#pragma once

#include <cstdint>
#include <string>
#include <thread>

#include "base/call.h"
#include "base/os/socket.h"
#include "base/result.h"

namespace base::ssh {

// A connected socket that blocks. Every address of the host is tried in turn. Errors: kNotFound (no such host),
// kUnavailable (refused, unreachable), kCancelled, kTimeout.
Result<os::Socket> Dial(const Call& call, const std::string& host, std::uint16_t port);

// While it lives: cuts the connection once the call is stopped or its deadline passes, so that whoever blocks on it returns.
class Watch {
 public:
  // `socket` is borrowed; outlives this.
  Watch(const Call& call, const os::Socket& socket);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

 private:
  std::jthread thread_;
};

}  // namespace base::ssh
