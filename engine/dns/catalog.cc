// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/catalog.h"

#include <algorithm>
#include <array>

namespace engine::dns {

namespace providers {
#define DNS_PROVIDER(name)         \
  namespace name {                 \
  extern const ProviderSpec kSpec; \
  }
#include "engine/dns/providers.def"
#undef DNS_PROVIDER
}  // namespace providers

std::span<const ProviderSpec> Providers() {
#define DNS_PROVIDER(name) providers::name::kSpec,
  static const std::array specs{
#include "engine/dns/providers.def"
  };
#undef DNS_PROVIDER
  return specs;
}

const ProviderSpec* FindProvider(std::string_view connection) {
  const auto specs = Providers();
  const auto found =
      std::find_if(specs.begin(), specs.end(), [&](const ProviderSpec& spec) { return spec.connection == connection; });
  return found == specs.end() ? nullptr : &*found;
}

}  // namespace engine::dns
