// SPDX-License-Identifier: MPL-2.0
// RecordMemory: what a solver has written down of the challenge records that it places, so that a later run can remove what a
// killed one left.
#pragma once

#include <span>
#include <string>

#include "base/call.h"
#include "engine/dns/shared_records.h"

namespace engine::dns {

// A TXT value that may stand in a zone. The vendors' ids of zones and records are not among it: every provider finds by value.
struct LeftRecord {
  RecordKey key;
  std::string zone_id;  // as the user gave it: Zone::id

  bool operator==(const LeftRecord&) const = default;
};

// Safe from many threads: the zones of one order are changed at the same time.
class RecordMemory {
 public:
  virtual ~RecordMemory() = default;
  // They are about to be placed. Returns once that will outlive the process; a failure to write it down is the implementation's
  // to tell, since the change goes on without.
  virtual void Placing(const base::Call& call, std::span<const LeftRecord> records) = 0;
  // They are gone, or another order's to remove.
  virtual void Removed(std::span<const LeftRecord> records) = 0;
};

}  // namespace engine::dns
