// SPDX-License-Identifier: MPL-2.0
// What the zones are called whose ids the user gave. With the names, the right one of several connections is found, and a CNAME
// that leads out of all zones is told from one that leads into them.
#pragma once

#include <optional>
#include <string>

#include "base/call.h"
#include "engine/dns/provider.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// The name of the zone whose id `connection` has, with the final dot. Empty where `provider` does not tell it. Asked once a
// process. Blocks; safe from many threads.
std::optional<std::string> FindNameOfZone(const base::Call& call, Provider& provider, const DnsConnection& connection);

}  // namespace engine::dns
