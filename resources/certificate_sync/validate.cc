// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/validate.h"

#include "base/text.h"
#include "engine/sync/name_schema.h"
#include "engine/vendors/catalog.h"
#include "resources/certificate_sync/secrets.h"
#include "resources/extension_block.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;
using engine::sync::DestinationSpec;
using schema::cty::Path;
using schema::cty::Value;

std::string KindList() {
  std::vector<std::string> kinds;
  for (const DestinationSpec& spec : engine::vendors::Destinations()) kinds.emplace_back(spec.kind);
  return base::Join(kinds, ", ");
}

// Fields that go with one value of another field.
void ValidateUse(const DestinationSpec& spec, const Value& block, const Path& path, schema::Diagnostics& diagnostics) {
  const BlockValues values = ReadBlock(spec.fields, block);
  for (const base::ConfigField& field : spec.fields) {
    const std::string_view decisive = field.goes_with.substr(0, field.goes_with.find('='));
    if (decisive.empty() || block.Get(decisive).is_unknown()) continue;
    const bool has_use = HasUse(field, values.settings);
    const Value given = block.Get(field.name);
    const Path at = path.Attribute(field.name);
    if (has_use && given.is_null()) {
      diagnostics.Error(Cat("A setting is missing: ", field.name), Cat("It goes with ", field.goes_with, ": set it."), at);
    }
    if (!has_use && given.is_known()) {
      diagnostics.Error(Cat("A setting without use: ", field.name),
                        Cat("It goes with ", field.goes_with, " and nothing else: remove it."), at);
    }
  }
}

void ValidateDestination(const DestinationSpec& spec, const Value& config, schema::Diagnostics& diagnostics) {
  const Path path = Path::Of("destination").Attribute(spec.kind);
  const Value connection = config.Get("app_connection");
  if (spec.connection.empty() && connection.is_known()) {
    diagnostics.Error("A connection without use", Cat("The destination ", spec.kind, " needs no app_connection: remove it."),
                      Path::Of("app_connection"));
  }
  if (!spec.connection.empty() && connection.is_null()) {
    diagnostics.Error("The destination needs a connection",
                      Cat("Set app_connection to the handle of a certwright_app_connection_", spec.connection, "."),
                      Path::Of("app_connection"));
  }
  const Value block = config.Get("destination").Get(spec.kind);
  if (!block.is_known()) return;
  ValidateUse(spec, block, path, diagnostics);
  if (spec.validate == nullptr) return;
  for (const auto& problem : spec.validate(ReadBlock(spec.fields, block).settings)) {
    if (ValueOf(problem.field, block).is_unknown()) continue;
    diagnostics.Error(Cat("Invalid ", problem.field), problem.message, PathOf(problem.field, path));
  }
}

// A destination's narrower rules, on names as the schema would make them.
void ValidateNames(const DestinationSpec& spec, const Value& config, schema::Diagnostics& diagnostics) {
  const Value configured = config.Get("options").Get("name_schema");
  if (spec.check_name == nullptr || configured.is_unknown()) return;
  const std::string name_schema = configured.is_null() ? std::string(engine::sync::kDefaultNameSchema) : configured.AsString();
  if (!engine::sync::CheckNameSchema(name_schema)) return;  // told by the attribute's own validator
  const std::string sample =
      engine::sync::CompileName(name_schema, {.certificate_id = std::string(32, '0'), .common_name = "name"});
  const std::string problem = spec.check_name(sample);
  if (!problem.empty()) diagnostics.Error("Invalid name schema", problem, Path::Of("options").Attribute("name_schema"));
}

}  // namespace

const DestinationSpec* ChosenDestination(const Value& destination) {
  const DestinationSpec* chosen = nullptr;
  if (!destination.is_known()) return nullptr;
  for (const DestinationSpec& spec : engine::vendors::Destinations()) {
    if (destination.Get(spec.kind).is_null()) continue;
    if (chosen != nullptr) return nullptr;
    chosen = &spec;
  }
  return chosen;
}

void ValidateSync(const Value& config, schema::Diagnostics& diagnostics) {
  const Value destination = config.Get("destination");
  if (!destination.is_wholly_known() && !destination.is_known()) return;
  const DestinationSpec* spec = ChosenDestination(destination);
  if (spec == nullptr) {
    diagnostics.Error("Not exactly one destination", Cat("Set exactly one block of destination: ", KindList(), "."),
                      Path::Of("destination"));
    return;
  }
  ValidateDestination(*spec, config, diagnostics);
  ValidateNames(*spec, config, diagnostics);
}

void CheckPrograms(const Context& context, const Value& destination, schema::Diagnostics& diagnostics) {
  const DestinationSpec* spec = ChosenDestination(destination);
  if (spec == nullptr || context.allow_exec) return;
  for (const base::ConfigField& field : spec->fields) {
    if (!field.runs_program || ValueOf(field.name, destination.Get(spec->kind)).is_null()) continue;
    diagnostics.Error(Cat(field.name, " may not run a program"),
                      "The provider runs programs on this machine only where it has been told so: set `allow_exec = true` in the "
                      "provider's block, or remove this argument.",
                      Path::Of("destination").Attribute(spec->kind).Attribute(field.name));
  }
}

}  // namespace resources::certificate_sync
