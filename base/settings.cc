// SPDX-License-Identifier: MPL-2.0
#include "base/settings.h"

#include <algorithm>
#include <charconv>

namespace base {
namespace {

template <typename T>
const T& EmptyOf() {
  static const T empty;
  return empty;
}

bool IsOfKind(const Setting& value, const ConfigField& field) {
  switch (field.kind) {
    case FieldKind::kString:
      return field.secret ? std::holds_alternative<Secret>(value) : std::holds_alternative<std::string>(value);
    case FieldKind::kNumber:
      return std::holds_alternative<Number>(value);
    case FieldKind::kBool:
      return std::holds_alternative<bool>(value);
    case FieldKind::kStringList:
      return std::holds_alternative<SettingList>(value);
    case FieldKind::kStringMap:
      return field.secret ? std::holds_alternative<SecretMap>(value) : std::holds_alternative<SettingMap>(value);
    case FieldKind::kBlock:
      return std::holds_alternative<Settings>(value);
    case FieldKind::kBlockList:
      return std::holds_alternative<std::vector<Settings>>(value);
  }
  return false;
}

const ConfigField& Named(std::span<const ConfigField> fields, std::string_view name, SourcePlace where) {
  const ConfigField* field = FindField(fields, name);
  Require(field != nullptr, "no such setting is declared", where);
  return *field;
}

}  // namespace

Settings::Settings(std::span<const ConfigField> fields) : fields_(fields) {
  for (const ConfigField& field : fields) {
    if (field.kind == FieldKind::kBlock) values_.emplace(field.name, Settings(field.members.span()));
  }
}

Settings::Settings(std::span<const ConfigField> fields, std::initializer_list<std::pair<std::string_view, Setting>> values)
    : Settings(fields) {
  for (const auto& [name, value] : values) Set(name, value);
}

bool Settings::Has(std::string_view name, SourcePlace where) const {
  const Setting* value = Find(name, where);
  const Settings* block = value == nullptr ? nullptr : std::get_if<Settings>(value);
  if (block == nullptr) return value != nullptr;
  return std::any_of(block->fields_.begin(), block->fields_.end(), [&](const ConfigField& one) { return block->Has(one.name); });
}

const Setting* Settings::Find(std::string_view name, SourcePlace where) const {
  Named(fields_, name, where);
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

const ConfigField& Settings::Declared(std::string_view name, FieldKind kind, Confidence confidence, SourcePlace where) const {
  const ConfigField& field = Named(fields_, name, where);
  Require(field.kind == kind && field.secret == (confidence == Confidence::kSecret), "the setting is declared as another kind",
          where);
  return field;
}

// Only after Declared().
template <typename T>
const T* Settings::FindAs(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &std::get<T>(found->second);
}

std::string_view Settings::Text(std::string_view name, std::string_view fallback, SourcePlace where) const {
  const ConfigField& field = Declared(name, FieldKind::kString, Confidence::kPlain, where);
  if (const auto* text = FindAs<std::string>(name)) return *text;
  return field.default_value.empty() ? fallback : field.default_value;
}

bool Settings::Flag(std::string_view name, SourcePlace where) const {
  const ConfigField& field = Declared(name, FieldKind::kBool, Confidence::kPlain, where);
  const bool* flag = FindAs<bool>(name);
  return flag != nullptr ? *flag : field.default_value == "true";
}

std::optional<std::int64_t> Settings::Integer(std::string_view name, std::int64_t min, std::int64_t max,
                                              SourcePlace where) const {
  const ConfigField& field = Declared(name, FieldKind::kNumber, Confidence::kPlain, where);
  const Number* set = FindAs<Number>(name);
  const std::string_view text = set != nullptr ? std::string_view(set->text()) : field.default_value;
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = failure == std::errc() && end == text.data() + text.size();
  return is_whole && number >= min && number <= max ? std::optional(number) : std::nullopt;
}

const SettingList& Settings::List(std::string_view name, SourcePlace where) const {
  Declared(name, FieldKind::kStringList, Confidence::kPlain, where);
  const auto* list = FindAs<SettingList>(name);
  return list != nullptr ? *list : EmptyOf<SettingList>();
}

const SettingMap& Settings::Map(std::string_view name, SourcePlace where) const {
  Declared(name, FieldKind::kStringMap, Confidence::kPlain, where);
  const auto* map = FindAs<SettingMap>(name);
  return map != nullptr ? *map : EmptyOf<SettingMap>();
}

const Secret* Settings::FindSecret(std::string_view name, SourcePlace where) const {
  Declared(name, FieldKind::kString, Confidence::kSecret, where);
  return FindAs<Secret>(name);
}

const SecretMap& Settings::Secrets(std::string_view name, SourcePlace where) const {
  Declared(name, FieldKind::kStringMap, Confidence::kSecret, where);
  const auto* map = FindAs<SecretMap>(name);
  return map != nullptr ? *map : EmptyOf<SecretMap>();
}

const Settings& Settings::Block(std::string_view name, SourcePlace where) const {
  Declared(name, FieldKind::kBlock, Confidence::kPlain, where);
  return *FindAs<Settings>(name);
}

const std::vector<Settings>& Settings::Blocks(std::string_view name, SourcePlace where) const {
  Declared(name, FieldKind::kBlockList, Confidence::kPlain, where);
  const auto* blocks = FindAs<std::vector<Settings>>(name);
  return blocks != nullptr ? *blocks : EmptyOf<std::vector<Settings>>();
}

void Settings::Set(std::string_view name, Setting value, SourcePlace where) {
  const ConfigField& field = Named(fields_, name, where);
  Require(IsOfKind(value, field), "the setting is declared as another kind", where);
  values_.insert_or_assign(std::string(name), std::move(value));
}

void Settings::Unset(std::string_view name, SourcePlace where) {
  const ConfigField& field = Named(fields_, name, where);
  values_.erase(std::string(name));
  if (field.kind == FieldKind::kBlock) values_.emplace(name, Settings(field.members.span()));
}

Settings& Settings::MutableBlock(std::string_view name, SourcePlace where) {
  Declared(name, FieldKind::kBlock, Confidence::kPlain, where);
  return std::get<Settings>(values_.find(name)->second);
}

Settings& Settings::AddBlock(std::string_view name, SourcePlace where) {
  const ConfigField& field = Declared(name, FieldKind::kBlockList, Confidence::kPlain, where);
  auto& list = std::get<std::vector<Settings>>(values_.try_emplace(std::string(name), std::vector<Settings>()).first->second);
  return list.emplace_back(field.members.span());
}

bool Settings::LacksSecret() const {
  return std::any_of(fields_.begin(), fields_.end(), [&](const ConfigField& field) {
    return field.kind == FieldKind::kBlock ? Block(field.name).LacksSecret() : field.secret && !values_.contains(field.name);
  });
}

void Settings::TakeSecrets(const Settings& other, TakenSecrets which) {
  for (const ConfigField& field : fields_) {
    if (!other.Declares(field.name)) continue;
    if (field.kind == FieldKind::kBlock) MutableBlock(field.name).TakeSecrets(other.Block(field.name), which);
    const Setting* taken = field.secret ? other.Find(field.name) : nullptr;
    if (taken != nullptr && (which == TakenSecrets::kAll || !values_.contains(field.name))) Set(field.name, *taken);
  }
}

}  // namespace base
