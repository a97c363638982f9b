// SPDX-License-Identifier: MPL-2.0
// What one vendor offers. The vendor.h of each folder declares its parts and puts them together.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/connections/connection.h"
#include "engine/dns/provider.h"
#include "engine/sync/destination.h"

namespace engine::vendors {

// How lego, and with it the Terraform provider vancluever/acme, calls the DNS of a vendor: for those who come from there.
struct LegoEquivalent {
  std::vector<std::string_view> names{};                                   // "route53"
  std::vector<std::pair<std::string_view, std::string_view>> variables{};  // {"AWS_REGION", "region"}: a field, or its path
};

struct Vendor {
  std::optional<connections::ConnectionSpec> connection{};
  std::optional<dns::ProviderSpec> dns{};
  std::vector<sync::DestinationSpec> destinations{};
  LegoEquivalent lego{};
};

}  // namespace engine::vendors
