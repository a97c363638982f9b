// SPDX-License-Identifier: MPL-2.0
// The table of sync destinations, built from destinations.def.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "engine/sync/destination.h"

namespace engine::sync {

std::span<const DestinationSpec> Destinations();
// Null when there is no such destination.
const DestinationSpec* FindDestination(std::string_view kind);
// Makes no request. Errors: kInvalid: no connection, or one of another kind than the destination needs; settings that cannot be.
base::Result<std::unique_ptr<Destination>> MakeDestination(const DestinationSpec& spec, const Setup& setup);

}  // namespace engine::sync
