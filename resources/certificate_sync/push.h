// SPDX-License-Identifier: MPL-2.0
// Pushing: open the certificates, look at what is there, decide (engine/sync/reconcile.h), carry out.
#pragma once

#include "resources/certificate_sync/run.h"

namespace resources::certificate_sync {

enum class Removal {
  kAllowed,  // what left the map is removed, unless a push failed
  kNone,     // `deployed` of the outcome holds the planned keys only
};

struct PushOptions {
  Removal removal = Removal::kAllowed;
  bool settings_changed = false;  // of the destination: what is there is written again
};

// Pushes every planned certificate that differs from what is there, then removes what left the map. Elements of `synced` that the
// plan already knows are left alone. What is no longer wanted but could not be removed stays in `deployed`, with a warning.
// Failures are diagnostics of `run`. Blocks on the network.
SyncOutcome PushCertificates(SyncRun& run, const SyncModel& planned, const Before& before, PushOptions options);

}  // namespace resources::certificate_sync
