// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/catalog.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

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

base::Result<std::unique_ptr<Destination>> MakeDestination(const DestinationSpec& spec, const Setup& setup) {
  const auto refuse = [](std::string field, std::string message) {
    return base::Error{.kind = base::ErrorKind::kInvalid, .message = std::move(message), .code = std::move(field)};
  };
  if (!spec.connection.empty() && (setup.connection == nullptr || setup.connection->kind != spec.connection)) {
    return refuse("", base::Cat("app_connection must be the handle of a certwright_app_connection_", spec.connection));
  }
  for (const base::ConfigField& field : spec.fields) {
    const bool is_missing = field.required && field.name.find('.') == std::string_view::npos &&
                            field.kind != base::FieldKind::kBlockList && !setup.settings.contains(field.name);
    if (is_missing) return refuse(std::string(field.name), base::Cat(field.name, " is not set"));
  }
  if (spec.validate != nullptr) {
    for (connections::FieldProblem& problem : spec.validate(setup.settings)) {
      return refuse(std::move(problem.field), std::move(problem.message));
    }
  }
  return spec.make(setup);
}

}  // namespace engine::sync
