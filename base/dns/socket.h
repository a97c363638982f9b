// SPDX-License-Identifier: MPL-2.0
// Non-blocking sockets to DNS servers. Only socket.cc and exchange.cc name the system's socket calls.
#pragma once

#include <vector>

#include "base/call.h"
#include "base/dns/server_address.h"
#include "base/os/descriptor.h"
#include "base/result.h"

namespace base::dns {

enum class SocketKind { kUdp, kTcp };

// A connected UDP socket (the kernel then drops what comes from elsewhere), or a TCP socket whose connection is under way.
// `server.host` is a numeric address. Errors: kUnavailable (no route, no such address family here), kInvalid (not numeric).
Result<os::Descriptor> OpenSocket(const ServerAddress& server, SocketKind kind);

// The server's numeric addresses; one that is numeric already comes back at once. A name goes through getaddrinfo.
// Errors: kUnavailable (no such host), kCancelled, kTimeout.
Result<std::vector<ServerAddress>> ResolveHost(const Call& call, const ServerAddress& server);

}  // namespace base::dns
