// SPDX-License-Identifier: MPL-2.0
// The computed attributes of a sync's plan. What stays known stays known: a renewal, a repair, or a rotation of keys must not
// replace what refers to the objects at the destination. Pure; the second plan, in the apply, keeps what the first one knew.
#pragma once

#include <optional>

#include "base/result.h"
#include "resources/certificate_sync/model.h"
#include "resources/certificate_sync/private_state.h"
#include "resources/context.h"
#include "schema/diagnostics.h"

namespace resources::certificate_sync {

// What `synced` is planned from, besides the configuration. All borrowed.
struct SyncHistory {
  const SyncModel& prior;
  const SyncMemory& memory;                     // of `prior`
  bool same_place = false;                      // the certificates keep their place and names
  bool secrets_differ = false;                  // of the destination, from those of the last push
  bool receipt_lost = false;                    // what is there is recognized by its marks
  bool looks_again = false;                     // the apply: what is there is not known
  std::optional<base::TimePoint> decided_at{};  // when what has expired is decided; empty: as the refresh saw it
};

// `synced`, by the keys of `certificates`, with what the apply will not change.
void PlanSynced(const Context& context, const SyncHistory& history, SyncModel& planned, schema::Diagnostics& diagnostics);

// `receipt` and `pending_removals`: the receipt changes with every push and removal, and is sealed again with a new key.
void PlanRecords(const Context& context, const SyncModel& prior, bool is_new, SyncModel& planned);

}  // namespace resources::certificate_sync
