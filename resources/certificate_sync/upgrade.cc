// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/upgrade.h"

#include <array>

#include "base/json.h"
#include "engine/sync/name_schema.h"

namespace resources::certificate_sync {
namespace {

using base::Json;

base::Result<std::string> OptionsToAttributes(std::string_view text) {
  auto state = base::ParseJsonObject(text);
  if (!state) return std::move(state).error();
  const Json options = state->value("options", Json());
  const std::pair<const char*, Json> defaults[] = {{"remove_expired", true},
                                                   {"include_root_ca", false},
                                                   {"name_schema", std::string(engine::sync::kDefaultNameSchema)},
                                                   {"adopt", false}};
  state->erase("options");
  // An imported sync has nothing but its id.
  if (state->value("destination", Json()).is_null()) return base::DumpJson(*state);
  for (const auto& [name, fallback] : defaults) {
    const Json configured = options.is_object() ? options.value(name, Json()) : Json();
    (*state)[name] = configured.is_null() ? fallback : configured;
  }
  return base::DumpJson(*state);
}

}  // namespace

std::span<const schema::UpgradeStep> SyncUpgradeSteps() {
  static const std::array<schema::UpgradeStep, 1> steps = {OptionsToAttributes};
  return steps;
}

}  // namespace resources::certificate_sync
