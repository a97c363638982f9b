// SPDX-License-Identifier: MPL-2.0
// The table of DNS providers, built from providers.def.
#pragma once

#include <span>
#include <string_view>

#include "engine/dns/provider.h"

namespace engine::dns {

std::span<const ProviderSpec> Providers();
// The provider that works with this kind of app connection; null when there is none.
const ProviderSpec* FindProvider(std::string_view connection);

}  // namespace engine::dns
