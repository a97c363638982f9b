// SPDX-License-Identifier: MPL-2.0
// What is known of the other syncs of the same state. Terraform shows every object of the state, orphans included, when a plan
// begins, and each resource that stays when it is planned; both are noted for the processes that apply.
#pragma once

#include <string>
#include <string_view>

#include "base/call.h"
#include "engine/sync/destination.h"
#include "resources/context.h"

namespace resources::certificate_sync {

// The state has this sync.
void NoteInState(const Context& context, const std::string& sync_id);
// The plan keeps it, or removes it.
void NoteKept(const Context& context, const std::string& sync_id);
void NoteLeaving(const Context& context, const std::string& sync_id);
// True if the last plan of the past hour kept it. An apply that removes it all the same replaces it.
bool IsKept(const Context& context, const std::string& sync_id);

// For a mark that is not this sync's. Waits some seconds for a sync that nothing here knows: an apply on another machine than its
// plan's is shown the state's objects one by one.
engine::sync::Kinship FindKinshipOf(const base::Call& call, const Context& context, std::string_view sync_id);

}  // namespace resources::certificate_sync
