// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/validate.h"

#include "base/text.h"
#include "engine/sync/name_schema.h"
#include "engine/vendors/catalog.h"
#include "resources/certificate_sync/secrets.h"
#include "resources/extension_block.h"
#include "resources/sealed/payload.h"

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
      diagnostics.Error(Cat("`", field.name, "` is missing"), Cat("It is required with ", field.goes_with, ". Set it."), at);
    }
    if (!has_use && given.is_known()) {
      diagnostics.Error(Cat("`", field.name, "` has no effect"),
                        Cat("It is used only with ", field.goes_with, ". Remove it, or set that."), at);
    }
  }
}

void ValidateDestination(const DestinationSpec& spec, const SyncModel& config, schema::Diagnostics& diagnostics) {
  const Path path = AtDestination(spec.kind);
  if (spec.connection.empty() && config.app_connection.is_known()) {
    diagnostics.Error("`app_connection` has no effect",
                      Cat("The destination ", spec.kind, " needs no app connection. Remove `app_connection`."),
                      At(&SyncModel::app_connection));
  }
  if (!spec.connection.empty() && config.app_connection.is_null()) {
    diagnostics.Error("`app_connection` is missing",
                      Cat("The destination ", spec.kind, " needs it. Set it to the handle of a certwright_app_connection_",
                          spec.connection, "."),
                      At(&SyncModel::app_connection));
  }
  const Value block = config.destination.value().Get(spec.kind);
  if (!block.is_known()) return;
  ValidateUse(spec, block, path, diagnostics);
  if (spec.validate == nullptr) return;
  for (const auto& problem : spec.validate(ReadBlock(spec.fields, block).settings)) {
    if (ValueOf(problem.field, block).is_unknown() || diagnostics.HasErrorAt(PathOf(problem.field, path))) continue;
    diagnostics.Error(Cat("Invalid ", problem.field), problem.message, PathOf(problem.field, path));
  }
}

// A destination's narrower rules, on names as the schema would make them.
void ValidateNames(const DestinationSpec& spec, const SyncModel& config, schema::Diagnostics& diagnostics) {
  const auto& configured = config.name_schema.is_null() ? DefaultNameSchema(config.destination.value()) : config.name_schema;
  const auto name_schema = configured.Get();
  if (spec.check_name == nullptr || !name_schema) return;
  if (!engine::sync::CheckNameSchema(*name_schema)) return;  // reported by the attribute's own validator
  const std::string sample =
      engine::sync::CompileName(*name_schema, {.certificate_id = std::string(32, '0'), .common_name = "name"});
  const std::string problem = spec.check_name(sample);
  if (!problem.empty()) diagnostics.Error("Invalid name schema", problem, At(&SyncModel::name_schema));
}

constexpr std::size_t kMaxName = 512;

std::string NameProblem(const DestinationSpec& spec, const std::string& name) {
  if (name.empty()) return "A name must not be empty.";
  if (name.size() > kMaxName) return Cat("A name has at most ", kMaxName, " characters.");
  if (base::Printable(name, name.size()) != name) return "A name must not contain control characters.";
  return spec.check_name == nullptr ? std::string() : spec.check_name(name);
}

void ValidateExactNames(const DestinationSpec& spec, const SyncModel& config, schema::Diagnostics& diagnostics) {
  std::map<std::string, std::string> keys;  // by name
  for (const auto& [key, name] : config.names.OrEmpty()) {
    const Path path = At(&SyncModel::names).Key(key);
    if (config.certificates.is_known() && !config.certificates.OrEmpty().contains(key)) {
      diagnostics.Error(Cat("A name without a certificate: ", key),
                        "`certificates` does not have this key. Add it there, or remove the name.", path);
    }
    if (!name.is_known()) continue;
    const std::string problem = NameProblem(spec, name.OrEmpty());
    if (!problem.empty()) diagnostics.Error(Cat("Invalid name: ", key), problem, path);
    const auto [first, is_new] = keys.emplace(name.OrEmpty(), key);
    if (!is_new) {
      diagnostics.Error(Cat("One name twice: ", key),
                        Cat("\"", first->second, "\" has the same name. Each certificate needs a name of its own."), path);
    }
  }
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

schema::Field<std::string> DefaultNameSchema(const Value& destination) {
  schema::Field<std::string> name_schema;
  const DestinationSpec* spec = ChosenDestination(destination);
  if (spec == nullptr) return name_schema.SetUnknown();
  return name_schema = std::string(spec->default_name_schema);
}

schema::Field<std::string> ExactNameOf(const SyncModel& sync, const std::string& key) {
  schema::Field<std::string> name;
  if (sync.names.is_unknown()) return name.SetUnknown();
  const auto names = sync.names.OrEmpty();
  const auto found = names.find(key);
  return found == names.end() ? name : found->second;
}

void ValidateSync(const SyncModel& config, schema::Diagnostics& diagnostics) {
  const Value& destination = config.destination.value();
  if (!destination.is_wholly_known() && !destination.is_known()) return;
  const DestinationSpec* spec = ChosenDestination(destination);
  if (spec == nullptr) {
    diagnostics.Error("Not exactly one destination", Cat("Set exactly one block of `destination`: ", KindList(), "."),
                      At(&SyncModel::destination));
    return;
  }
  ValidateDestination(*spec, config, diagnostics);
  ValidateNames(*spec, config, diagnostics);
  ValidateExactNames(*spec, config, diagnostics);
}

void CheckConnection(const Context& context, const SyncModel& prior, const SyncModel& planned, schema::Diagnostics& diagnostics) {
  const DestinationSpec* spec = ChosenDestination(planned.destination.value());
  const auto handle = planned.app_connection.Get();
  const bool is_same = prior.app_connection == planned.app_connection && prior.destination == planned.destination;
  if (spec == nullptr || spec->connection.empty() || !handle || is_same) return;
  if (context.sealer.state() != sealed::Sealer::State::kReady) return;
  const auto connection = sealed::OpenConnection(context.sealer, handle->Reveal());
  if (!connection) {
    diagnostics.Error("The connection cannot be used", connection.error(), "", At(&SyncModel::app_connection));
  } else if (connection->kind != spec->connection) {
    diagnostics.Error("The connection is of another kind",
                      Cat("The destination ", spec->kind, " needs the handle of a certwright_app_connection_", spec->connection,
                          ", and this is that of a certwright_app_connection_", connection->kind, "."),
                      At(&SyncModel::app_connection));
  }
}

void CheckPrograms(const Context& context, const Value& destination, schema::Diagnostics& diagnostics) {
  const DestinationSpec* spec = ChosenDestination(destination);
  if (spec == nullptr || context.allow_exec) return;
  const auto refuse = [&](std::string_view argument, const Path& path) {
    diagnostics.Error(Cat(argument, " may not run a program"),
                      "The provider runs programs on this machine only if it is allowed to. Set `allow_exec = true` in the "
                      "`provider` block, or remove this argument.",
                      path);
  };
  // The connection may be of another state.
  const auto* connection = engine::vendors::FindConnection(spec->connection);
  if (connection != nullptr && !connection->program_field.empty()) refuse("app_connection", At(&SyncModel::app_connection));
  for (const base::ConfigField& field : spec->fields) {
    if (!field.runs_program || ValueOf(field.name, destination.Get(spec->kind)).is_null()) continue;
    refuse(field.name, AtDestination(spec->kind).Attribute(field.name));
  }
}

}  // namespace resources::certificate_sync
