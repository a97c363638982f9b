// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/flat_settings.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "engine/vendors/catalog.h"

namespace resources::sealed {
namespace {

using base::ConfigField;
using base::FieldKind;
using base::Secret;
using base::SecretMap;
using base::Settings;

constexpr char kBetween = '\0';

Secret Join(const SecretMap& map) {
  std::size_t size = 0;
  for (const auto& [name, value] : map) size += name.size() + value.Reveal().size() + 2;
  std::string text;
  text.reserve(size);  // no copy of a secret is left behind by growing
  for (const auto& [name, value] : map) {
    if (!text.empty()) text += kBetween;
    text.append(name).append("=").append(value.Reveal());
  }
  return Secret(std::move(text));
}

SecretMap SplitMap(const Secret& joined) {
  SecretMap map;
  if (joined.empty()) return map;
  for (std::string& entry : base::Split(joined.Reveal(), kBetween)) {
    const auto equals = std::min(entry.find('='), entry.size());
    map[entry.substr(0, equals)] = Secret(entry.substr(std::min(equals + 1, entry.size())));
    base::Wipe(entry);
  }
  return map;
}

std::string Join(const base::SettingList& list) {
  std::string text;
  for (const std::string& one : list) text.append(one).push_back(kBetween);
  return text;
}

base::SettingList SplitList(std::string_view joined) {
  if (joined.empty()) return {};
  joined.remove_suffix(1);
  return base::Split(joined, kBetween);
}

// Names and values by turns: either may contain anything else.
base::SettingList ListOf(const base::SettingMap& map) {
  base::SettingList list;
  for (const auto& [name, value] : map) list.insert(list.end(), {name, value});
  return list;
}

base::SettingMap PairsOf(const base::SettingList& list) {
  base::SettingMap map;
  for (std::size_t at = 0; at + 1 < list.size(); at += 2) map.emplace(list[at], list[at + 1]);
  return map;
}

void AddFlattened(const Settings& settings, const std::string& prefix, FlatSettings& flat) {
  for (const ConfigField& field : settings.fields()) {
    const std::string name = base::Cat(prefix, field.name);
    const base::Setting* value = settings.Find(field.name);
    if (value == nullptr) continue;
    if (field.kind == FieldKind::kBlock) {
      AddFlattened(settings.Block(field.name), name + ".", flat);
    } else if (field.kind == FieldKind::kStringMap && field.secret) {
      flat.secrets.emplace(name, Join(settings.Secrets(field.name)));
    } else if (field.secret) {
      flat.secrets.emplace(name, *settings.FindSecret(field.name));
    } else if (field.kind == FieldKind::kBool) {
      flat.settings.emplace(name, settings.Flag(field.name) ? "true" : "false");
    } else if (field.kind == FieldKind::kNumber) {
      flat.settings.emplace(name, std::get<base::Number>(*value).text());
    } else if (field.kind == FieldKind::kStringList) {
      flat.settings.emplace(name, Join(settings.List(field.name)));
    } else if (field.kind == FieldKind::kStringMap) {
      flat.settings.emplace(name, Join(ListOf(settings.Map(field.name))));
    } else {
      flat.settings.emplace(name, settings.Text(field.name));
    }
  }
}

void SetSecret(const ConfigField& field, const Secret& value, Settings& settings) {
  if (field.kind == FieldKind::kStringMap) {
    settings.Set(field.name, SplitMap(value));
  } else {
    settings.Set(field.name, value);
  }
}

void SetPlain(const ConfigField& field, const std::string& value, Settings& settings) {
  if (field.kind == FieldKind::kBool) {
    settings.Set(field.name, value == "true");
  } else if (field.kind == FieldKind::kNumber) {
    settings.Set(field.name, base::Number(value));
  } else if (field.kind == FieldKind::kStringList) {
    settings.Set(field.name, SplitList(value));
  } else if (field.kind == FieldKind::kStringMap) {
    settings.Set(field.name, PairsOf(SplitList(value)));
  } else {
    settings.Set(field.name, value);
  }
}

void Unflatten(const FlatSettings& flat, const std::string& prefix, Settings& settings) {
  for (const ConfigField& field : settings.fields()) {
    const std::string name = base::Cat(prefix, field.name);
    if (field.kind == FieldKind::kBlock) {
      Unflatten(flat, name + ".", settings.MutableBlock(field.name));
    } else if (const auto secret = flat.secrets.find(name); field.secret && secret != flat.secrets.end()) {
      SetSecret(field, secret->second, settings);
    } else if (const auto plain = flat.settings.find(name); !field.secret && plain != flat.settings.end()) {
      SetPlain(field, plain->second, settings);
    }
  }
}

}  // namespace

FlatSettings Flatten(const Settings& settings) {
  FlatSettings flat;
  AddFlattened(settings, "", flat);
  return flat;
}

Settings Unflatten(std::span<const ConfigField> fields, const FlatSettings& flat) {
  Settings settings(fields);
  Unflatten(flat, "", settings);
  return settings;
}

engine::connections::Connection MakeConnection(std::span<const ConfigField> fields, const FlatConnection& flat) {
  return {.kind = flat.kind, .id = flat.id, .settings = Unflatten(fields, flat.values)};
}

engine::connections::Connection MakeConnection(const FlatConnection& flat) {
  const auto* spec = engine::vendors::FindConnection(flat.kind);
  return MakeConnection(spec == nullptr ? std::span<const ConfigField>() : spec->fields, flat);
}

}  // namespace resources::sealed
