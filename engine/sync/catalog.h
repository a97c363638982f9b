// SPDX-License-Identifier: MPL-2.0
// The table of sync destinations, built from destinations.def.
#pragma once

#include <span>
#include <string_view>

#include "engine/sync/destination.h"

namespace engine::sync {

std::span<const DestinationSpec> Destinations();
// Null when there is no such destination.
const DestinationSpec* FindDestination(std::string_view kind);

}  // namespace engine::sync
