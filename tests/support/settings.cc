// SPDX-License-Identifier: MPL-2.0
#include "tests/support/settings.h"

#include "base/text.h"
#include "engine/vendors/catalog.h"

namespace tests {
namespace {

using base::FieldKind;

base::Setting AsDeclared(const base::ConfigField* field, base::Setting value) {
  const auto* text = std::get_if<std::string>(&value);
  if (field == nullptr || text == nullptr) return value;
  if (field->kind == FieldKind::kStringList) return base::Split(*text, '\n');
  if (field->kind == FieldKind::kStringMap) {
    base::SettingMap map;
    for (const std::string& line : base::Split(*text, '\n'))
      map[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
    return map;
  }
  if (field->secret) return base::Secret(*text);
  if (field->kind == FieldKind::kBool) return *text == "true";
  if (field->kind == FieldKind::kNumber) return base::Number(*text);
  return value;
}

void PutInList(base::Settings& settings, std::string_view list, std::string_view path, base::Setting value) {
  const auto dot = path.find('.');
  const std::size_t index = std::stoul(std::string(path.substr(0, dot)));
  while (settings.Blocks(list).size() <= index) settings.AddBlock(list);
  std::vector<base::Settings> blocks = settings.Blocks(list);
  Put(blocks[index], path.substr(dot + 1), std::move(value));
  settings.Set(list, std::move(blocks));
}

}  // namespace

void Put(base::Settings& settings, std::string_view path, base::Setting value) {
  const auto dot = path.find('.');
  const std::string_view name = path.substr(0, dot);
  const base::ConfigField* field = base::FindField(settings.fields(), name);
  if (dot == std::string_view::npos) return settings.Set(name, AsDeclared(field, std::move(value)));
  const std::string_view rest = path.substr(dot + 1);
  if (field != nullptr && field->kind == FieldKind::kBlockList) {
    PutInList(settings, name, rest, std::move(value));
  } else {
    Put(settings.MutableBlock(name), rest, std::move(value));
  }
}

void Put(base::Settings& settings, const SettingEntries& entries) {
  for (const auto& [path, value] : entries) Put(settings, path, value);
}

base::Settings ConnectionSettings(std::string_view kind, const SettingEntries& entries) {
  const engine::connections::ConnectionSpec* spec = engine::vendors::FindConnection(kind);
  base::Settings settings = spec == nullptr ? base::Settings() : base::Settings(spec->fields);
  Put(settings, entries);
  return settings;
}

base::Settings DestinationSettings(std::string_view kind, const SettingEntries& entries) {
  base::Settings settings(engine::vendors::FindDestination(kind)->fields);
  Put(settings, entries);
  return settings;
}

std::vector<base::Secret> SecretsIn(const base::Settings& settings) {
  std::vector<base::Secret> secrets;
  for (const base::ConfigField& field : settings.fields()) {
    const base::Setting* value = settings.Find(field.name);
    if (value == nullptr) continue;
    if (const auto* secret = std::get_if<base::Secret>(value)) secrets.push_back(*secret);
    if (const auto* map = std::get_if<base::SecretMap>(value)) {
      for (const auto& [name, secret] : *map) secrets.push_back(secret);
    }
    if (const auto* block = std::get_if<base::Settings>(value)) {
      for (base::Secret& secret : SecretsIn(*block)) secrets.push_back(std::move(secret));
    }
  }
  return secrets;
}

}  // namespace tests
