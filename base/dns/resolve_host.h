// SPDX-License-Identifier: MPL-2.0
// The addresses of a DNS server that users named by its host name.
#pragma once

#include <vector>

#include "base/call.h"
#include "base/dns/server_address.h"
#include "base/result.h"

namespace base::dns {

// The server's numeric addresses; one that is numeric already comes back at once. Others go through the machine's name service.
// Errors: kUnavailable (no such host), kCancelled, kTimeout.
Result<std::vector<ServerAddress>> ResolveHost(const Call& call, const ServerAddress& server);

}  // namespace base::dns
