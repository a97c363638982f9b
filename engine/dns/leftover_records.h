// SPDX-License-Identifier: MPL-2.0
// Removes the challenge records that a killed run left behind.
#pragma once

#include <span>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/dns/record_journal.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// Removes exactly those values, through the connections with the same ids, and erases from `records` what is gone. A record that
// is already gone is a success, and so is one that an order of this configuration still uses. Blocks on the network.
// Errors: that of the first zone that failed, with each remaining record as a line of `details`.
base::Result<void> RemoveLeftoverRecords(const base::Call& call, std::span<const DnsConnection> connections,
                                         const SolverDeps& deps, std::vector<LeftoverRecord>& records);

}  // namespace engine::dns
