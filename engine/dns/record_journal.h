// SPDX-License-Identifier: MPL-2.0
// RecordJournal: keeps track of the challenge records that a solver places, so that a later run can remove what a killed one left
// behind.
#pragma once

#include <span>
#include <string>

#include "base/call.h"
#include "engine/dns/shared_records.h"

namespace engine::dns {

// A TXT value that may be in a zone. It has no vendor's ids of zones and records: every provider finds records by value.
struct LeftoverRecord {
  RecordKey key;
  std::string zone_id;  // as the user gave it: Zone::id

  bool operator==(const LeftoverRecord&) const = default;
};

// Safe from many threads: the zones of one order are changed at the same time.
class RecordJournal {
 public:
  virtual ~RecordJournal() = default;
  // Notes that the records are about to be placed. Returns once the note will survive the process; the implementation reports a
  // failure to write it, since the change goes on without.
  virtual void AddRecords(const base::Call& call, std::span<const LeftoverRecord> records) = 0;
  // Notes that the records are gone, or are for another order to remove.
  virtual void DropRecords(std::span<const LeftoverRecord> records) = 0;
};

}  // namespace engine::dns
