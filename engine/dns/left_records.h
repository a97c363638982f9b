// SPDX-License-Identifier: MPL-2.0
// Removes the challenge records that a killed run left.
#pragma once

#include <span>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/dns/record_memory.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// Removes exactly those values, through the connections of the same ids, and takes what is gone out of `records`. One that is
// gone already is success, and so is one that an order of this process uses just now. Blocks on the network.
// Errors: the first zone's that failed, with each record that is left as a line of `details`.
base::Result<void> RemoveLeftRecords(const base::Call& call, std::span<const DnsConnection> connections, const SolverDeps& deps,
                                     std::vector<LeftRecord>& records);

}  // namespace engine::dns
