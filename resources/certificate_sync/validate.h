// SPDX-License-Identifier: MPL-2.0
// What can be told of a sync's configuration before anything is pushed.
#pragma once

#include "engine/sync/destination.h"
#include "resources/context.h"
#include "schema/cty/value.h"
#include "schema/diagnostics.h"

namespace resources::certificate_sync {

// The one destination block that is set; null when there is none, or several.
const engine::sync::DestinationSpec* ChosenDestination(const schema::cty::Value& destination);

// Resource::Validate.
void ValidateSync(const schema::cty::Value& config, schema::Diagnostics& diagnostics);

// A setting that runs a program needs the provider's leave. ValidateSync cannot know it: it runs before the provider is
// configured.
void CheckPrograms(const Context& context, const schema::cty::Value& destination, schema::Diagnostics& diagnostics);

}  // namespace resources::certificate_sync
