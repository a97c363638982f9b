// SPDX-License-Identifier: MPL-2.0
// What one vendor offers. The vendor.h of each folder declares its parts and puts them together.
#pragma once

#include <optional>
#include <vector>

#include "engine/connections/connection.h"
#include "engine/dns/provider.h"
#include "engine/sync/destination.h"

namespace engine::vendors {

struct Vendor {
  std::optional<connections::ConnectionSpec> connection{};
  std::optional<dns::ProviderSpec> dns{};
  std::vector<sync::DestinationSpec> destinations{};
};

}  // namespace engine::vendors
