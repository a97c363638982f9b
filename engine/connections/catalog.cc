// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/catalog.h"

#include <algorithm>
#include <array>

namespace engine::connections {

namespace kinds {
#define CONNECTION(name)             \
  namespace name {                   \
  extern const ConnectionSpec kSpec; \
  }
#include "engine/connections/connections.def"
#undef CONNECTION
}  // namespace kinds

std::span<const ConnectionSpec> Connections() {
#define CONNECTION(name) kinds::name::kSpec,
  static const std::array specs{
#include "engine/connections/connections.def"
  };
#undef CONNECTION
  return specs;
}

const ConnectionSpec* FindConnection(std::string_view kind) {
  const auto specs = Connections();
  const auto found = std::find_if(specs.begin(), specs.end(), [&](const ConnectionSpec& spec) { return spec.kind == kind; });
  return found == specs.end() ? nullptr : &*found;
}

}  // namespace engine::connections
