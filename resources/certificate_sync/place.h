// SPDX-License-Identifier: MPL-2.0
// Where a sync deploys, as far as two syncs must agree on it to deploy to the same objects: destination, identity settings, and
// the account of the connection. Other settings (file modes, tags) do not matter.
#pragma once

#include <string>
#include <string_view>

#include "resources/certificate_sync/model.h"
#include "resources/context.h"

namespace resources::certificate_sync {

// 16 hex digits. `connection_id`: of the opened connection; empty for a destination that needs none. Empty while a setting is
// unknown.
std::string PlaceDigest(const SyncModel& sync, std::string_view connection_id);
// The same, for a handle that is not opened yet. Empty also while something of it is unknown, or the connection's handle cannot
// be opened.
std::string PlaceDigest(const Context& context, const SyncModel& sync);

}  // namespace resources::certificate_sync
