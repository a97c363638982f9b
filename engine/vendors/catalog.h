// SPDX-License-Identifier: MPL-2.0
// The vendors of vendors.def, and what they offer, as tables. Nothing that a vendor may include knows of it: the engine gets a
// lookup function handed in (engine/dns/provider.h).
#pragma once

#include <span>
#include <string_view>

#include "engine/vendors/vendor.h"

namespace engine::vendors {

struct NamedVendor {
  std::string_view name;  // that of its folder
  Vendor vendor;
};

// In alphabetical order, as are all others.
std::span<const NamedVendor> Vendors();

std::span<const connections::ConnectionSpec> Connections();
// Null if no vendor has this kind.
const connections::ConnectionSpec* FindConnection(std::string_view kind);

std::span<const dns::ProviderSpec> DnsProviders();
// The provider that works with this kind of app connection; null if there is none. A dns::FindProvider.
const dns::ProviderSpec* FindDnsProvider(std::string_view connection_kind);

std::span<const sync::DestinationSpec> Destinations();
// Null if no vendor has this destination.
const sync::DestinationSpec* FindDestination(std::string_view kind);

}  // namespace engine::vendors
