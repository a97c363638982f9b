// SPDX-License-Identifier: MPL-2.0
// A sync that moves to another place, or gets other settings: everything is pushed there first, then removed from where it was.
#pragma once

#include <optional>

#include "base/call.h"
#include "resources/certificate_sync/push.h"
#include "resources/certificate_sync/run.h"

namespace resources::certificate_sync {

// True if both handles are of one account, whatever their credentials.
bool IsSameConnection(const Context& context, const schema::Field<base::Secret>& prior,
                      const schema::Field<base::Secret>& planned);

struct Relocation {
  const SyncModel& prior;  // all below: borrowed
  const SyncModel& planned;
  const Before& before;
  bool secrets_differ;
};

// Empty after an error: what is new has been withdrawn.
std::optional<SyncOutcome> PushToNewPlace(SyncRun& run, const Relocation& move);
// What PushToNewPlace did not put something in the place of. Failures are warnings.
void RemoveFromOldPlace(const base::Call& call, SyncRun& run, const Relocation& move, const SyncOutcome& outcome);

// Entries that may be withdrawn after a failure: those that took no other's place.
DeployedByKey WithoutTakenOver(DeployedByKey deployed);

}  // namespace resources::certificate_sync
