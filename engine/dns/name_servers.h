// SPDX-License-Identifier: MPL-2.0
// The servers that a zone's propagation is watched at.
#pragma once

#include <string>
#include <vector>

#include "base/call.h"
#include "base/dns/resolver.h"
#include "base/dns/server_address.h"
#include "base/result.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

struct NameServer {
  std::string label;                 // "ns1.example.test. (192.0.2.1:53)"
  base::dns::ServerAddress address;  // numeric
};

// The given name servers, else each address of the zone's NS set. Errors: kUnavailable (none, or none with an address),
// kCancelled, kTimeout.
base::Result<std::vector<NameServer>> FindNameServers(const base::Call& call, const PropagationOptions& options,
                                                      const base::dns::Resolver& resolver, const std::string& zone);

}  // namespace engine::dns
