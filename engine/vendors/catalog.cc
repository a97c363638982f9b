// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/catalog.h"

#include <algorithm>
#include <array>

namespace engine::vendors {

// Not self-registration: the linker drops static initializers of a static library that nothing names.
#define CERTWRIGHT_VENDOR(name) \
  namespace name {              \
  Vendor MakeVendor();          \
  }
#include "engine/vendors/vendors.def"
#undef CERTWRIGHT_VENDOR

namespace {

template <typename Spec>
const Spec* Find(std::span<const Spec> specs, std::string_view Spec::*key, std::string_view wanted) {
  const auto found = std::ranges::find(specs, wanted, key);
  return found == specs.end() ? nullptr : &*found;
}

std::vector<connections::ConnectionSpec> ListConnections() {
  std::vector<connections::ConnectionSpec> specs;
  for (const NamedVendor& one : Vendors()) {
    if (one.vendor.connection) specs.push_back(*one.vendor.connection);
  }
  std::ranges::sort(specs, {}, &connections::ConnectionSpec::kind);
  return specs;
}

std::vector<dns::ProviderSpec> ListDnsProviders() {
  std::vector<dns::ProviderSpec> specs;
  for (const NamedVendor& one : Vendors()) {
    if (one.vendor.dns) specs.push_back(*one.vendor.dns);
  }
  std::ranges::sort(specs, {}, &dns::ProviderSpec::connection);
  return specs;
}

std::vector<sync::DestinationSpec> ListDestinations() {
  std::vector<sync::DestinationSpec> specs;
  for (const NamedVendor& one : Vendors()) {
    specs.insert(specs.end(), one.vendor.destinations.begin(), one.vendor.destinations.end());
  }
  std::ranges::sort(specs, {}, &sync::DestinationSpec::kind);
  return specs;
}

}  // namespace

std::span<const NamedVendor> Vendors() {
#define CERTWRIGHT_VENDOR(name) NamedVendor{#name, name::MakeVendor()},
  static const std::array vendors{
#include "engine/vendors/vendors.def"
  };
#undef CERTWRIGHT_VENDOR
  return vendors;
}

std::span<const connections::ConnectionSpec> Connections() {
  static const auto specs = ListConnections();
  return specs;
}

const connections::ConnectionSpec* FindConnection(std::string_view kind) {
  return Find(Connections(), &connections::ConnectionSpec::kind, kind);
}

std::span<const dns::ProviderSpec> DnsProviders() {
  static const auto specs = ListDnsProviders();
  return specs;
}

const dns::ProviderSpec* FindDnsProvider(std::string_view connection_kind) {
  return Find(DnsProviders(), &dns::ProviderSpec::connection, connection_kind);
}

std::span<const sync::DestinationSpec> Destinations() {
  static const auto specs = ListDestinations();
  return specs;
}

const sync::DestinationSpec* FindDestination(std::string_view kind) {
  return Find(Destinations(), &sync::DestinationSpec::kind, kind);
}

}  // namespace engine::vendors
