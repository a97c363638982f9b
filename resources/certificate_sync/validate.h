// SPDX-License-Identifier: MPL-2.0
// Errors in a sync's configuration that can be detected before anything is pushed.
#pragma once

#include "engine/sync/destination.h"
#include "resources/certificate_sync/model.h"
#include "resources/context.h"
#include "schema/diagnostics.h"

namespace resources::certificate_sync {

// The one destination block that is set; null if there is none, or several.
const engine::sync::DestinationSpec* ChosenDestination(const schema::cty::Value& destination);

// The name schema where the configuration has none; unknown while the destination is.
schema::Field<std::string> DefaultNameSchema(const schema::cty::Value& destination);

// The exact name that the configuration gives to a certificate; empty if it follows the schema. Unknown while the name is.
schema::Field<std::string> ExactNameOf(const SyncModel& sync, const std::string& key);

// Resource::Validate.
void ValidateSync(const SyncModel& config, schema::Diagnostics& diagnostics);

// The connection is of the kind that the destination needs. Opens the handle if it is known and not the one of `prior`.
void CheckConnection(const Context& context, const SyncModel& prior, const SyncModel& planned, schema::Diagnostics& diagnostics);

// A setting that runs a program needs the provider's allow_exec. ValidateSync does not know it: it runs before the provider is
// configured.
void CheckPrograms(const Context& context, const schema::cty::Value& destination, schema::Diagnostics& diagnostics);

}  // namespace resources::certificate_sync
