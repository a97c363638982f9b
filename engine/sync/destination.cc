// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/destination.h"

#include <utility>

#include "base/text.h"

namespace engine::sync {

base::Result<std::unique_ptr<Destination>> MakeDestination(const DestinationSpec& spec, const Setup& setup) {
  const auto refuse = [](std::string_view field, std::string message) {
    return base::Error{.kind = base::ErrorKind::kInvalid, .message = std::move(message), .blame = DestinationField(field)};
  };
  if (!spec.connection.empty() && (setup.connection == nullptr || setup.connection->kind != spec.connection)) {
    return base::Error{base::ErrorKind::kInvalid,
                       base::Cat("app_connection must be the handle of a certwright_app_connection_", spec.connection)};
  }
  for (const base::ConfigField& field : spec.fields) {
    const bool is_missing = field.required && field.kind != base::FieldKind::kBlockList && !setup.settings.Has(field.name);
    if (is_missing) return refuse(field.name, base::Cat(field.name, " is not set"));
  }
  if (spec.validate != nullptr) {
    for (connections::FieldProblem& problem : spec.validate(setup.settings)) {
      return refuse(problem.field, std::move(problem.message));
    }
  }
  return spec.make(setup);
}

}  // namespace engine::sync
