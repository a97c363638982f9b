// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/catalog.h"

#include <algorithm>
#include <vector>

namespace engine::sync {

// Not self-registration: the linker drops static initialisers of a static library that nothing names.
#define SYNC_DESTINATION(name)        \
  namespace destinations::name {      \
  extern const DestinationSpec kSpec; \
  }
#include "engine/sync/destinations.def"
#undef SYNC_DESTINATION

std::span<const DestinationSpec> Destinations() {
  static const std::vector<DestinationSpec> specs = {
#define SYNC_DESTINATION(name) destinations::name::kSpec,
#include "engine/sync/destinations.def"
#undef SYNC_DESTINATION
  };
  return specs;
}

const DestinationSpec* FindDestination(std::string_view kind) {
  const auto specs = Destinations();
  const auto found = std::find_if(specs.begin(), specs.end(), [&](const DestinationSpec& spec) { return spec.kind == kind; });
  return found == specs.end() ? nullptr : &*found;
}

}  // namespace engine::sync
