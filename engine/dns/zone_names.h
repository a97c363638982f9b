// SPDX-License-Identifier: MPL-2.0
// ZoneNames: looks up the names of zones that were configured by id. With the names, the right one of several connections is
// found, and a CNAME that leads out of all zones is told from one that leads into them.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/call.h"
#include "base/single_flight.h"
#include "engine/dns/provider.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// Asks a provider once per zone. Safe from many threads.
class ZoneNames {
 public:
  // The name of the zone whose id `connection` has, with the final dot. Empty when `provider` cannot tell, or the call ended
  // first. Blocks on the network.
  std::optional<std::string> Find(const base::Call& call, Provider& provider, const DnsConnection& connection);

 private:
  using Name = std::optional<std::string>;

  base::SingleFlight<Name> flights_;
  std::mutex mutex_;
  std::map<std::string, Name> names_;  // by connection and id; guarded by mutex_
};

}  // namespace engine::dns
