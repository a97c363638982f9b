// SPDX-License-Identifier: MPL-2.0
// Settings: the values of an extension's fields (ConfigField) as a typed tree. Reading or setting a name that the fields do not
// declare, or as another kind than they declare, is a bug of ours and ends the process.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/config_field.h"
#include "base/require.h"
#include "base/secret.h"

namespace base {

// A number as it is written, "30" or "0.5", so that none is rounded.
class Number {
 public:
  explicit Number(std::string text) : text_(std::move(text)) {}
  explicit Number(std::int64_t value) : text_(std::to_string(value)) {}
  const std::string& text() const { return text_; }
  friend bool operator==(const Number&, const Number&) = default;

 private:
  std::string text_;
};

class Settings;
using SettingList = std::vector<std::string>;
using SettingMap = std::map<std::string, std::string, std::less<>>;
using SecretMap = std::map<std::string, Secret, std::less<>>;
// A secret field is a Secret or a SecretMap and nothing else. Settings is a block.
using Setting =
    std::variant<std::string, Number, bool, SettingList, SettingMap, Secret, SecretMap, Settings, std::vector<Settings>>;

// Which secrets are taken from another tree.
enum class TakenSecrets { kAll, kMissing };

// What is not set reads as the field's default or, without one, as empty.
class Settings {
 public:
  Settings() = default;  // declares no field
  // `fields` is borrowed; outlives this.
  explicit Settings(std::span<const ConfigField> fields);
  Settings(std::span<const ConfigField> fields, std::initializer_list<std::pair<std::string_view, Setting>> values);

  std::span<const ConfigField> fields() const { return fields_; }
  bool Declares(std::string_view name) const { return FindField(fields_, name) != nullptr; }
  // Of any kind. A block is set when one of its members is.
  bool Has(std::string_view name, SourcePlace where = SourcePlace::Here()) const;
  // The value; null when it is not set, a block always is there.
  const Setting* Find(std::string_view name, SourcePlace where = SourcePlace::Here()) const;

  // `fallback` for a field that is not set and has no default. The text lives as long as this, or as `fallback`.
  std::string_view Text(std::string_view name, std::string_view fallback = {}, SourcePlace where = SourcePlace::Here()) const;
  bool Flag(std::string_view name, SourcePlace where = SourcePlace::Here()) const;
  // Empty when it is not a whole number from `min` to `max`.
  std::optional<std::int64_t> Integer(std::string_view name, std::int64_t min, std::int64_t max,
                                      SourcePlace where = SourcePlace::Here()) const;
  const SettingList& List(std::string_view name, SourcePlace where = SourcePlace::Here()) const;
  const SettingMap& Map(std::string_view name, SourcePlace where = SourcePlace::Here()) const;
  // Null when it is not set.
  const Secret* FindSecret(std::string_view name, SourcePlace where = SourcePlace::Here()) const;
  const SecretMap& Secrets(std::string_view name, SourcePlace where = SourcePlace::Here()) const;
  // A block that is not set has no member that is set.
  const Settings& Block(std::string_view name, SourcePlace where = SourcePlace::Here()) const;
  const std::vector<Settings>& Blocks(std::string_view name, SourcePlace where = SourcePlace::Here()) const;

  void Set(std::string_view name, Setting value, SourcePlace where = SourcePlace::Here());
  void Unset(std::string_view name, SourcePlace where = SourcePlace::Here());
  Settings& MutableBlock(std::string_view name, SourcePlace where = SourcePlace::Here());
  // Appends an object, with nothing set, to a block list.
  Settings& AddBlock(std::string_view name, SourcePlace where = SourcePlace::Here());

  // Secrets of this tree, those in blocks (not in block lists) among them.
  bool LacksSecret() const;
  void TakeSecrets(const Settings& other, TakenSecrets which);

  friend bool operator==(const Settings& a, const Settings& b) { return a.values_ == b.values_; }

 private:
  enum class Confidence { kPlain, kSecret };
  const ConfigField& Declared(std::string_view name, FieldKind kind, Confidence confidence, SourcePlace where) const;
  template <typename T>
  const T* FindAs(std::string_view name) const;

  std::span<const ConfigField> fields_;
  std::map<std::string, Setting, std::less<>> values_;  // those that are set, and all blocks
};

}  // namespace base
