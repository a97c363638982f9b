// SPDX-License-Identifier: MPL-2.0
// ConfigField: how an extension (connection, destination) describes one of its settings, without knowing Terraform.
// resources/extension_block.cc turns a list of them into schema attributes, base/settings.h holds the values.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace base {

// kBlock: a nested object with fields of its own. kBlockList: a list of such objects.
enum class FieldKind { kString, kNumber, kBool, kStringList, kStringMap, kBlock, kBlockList };

struct ConfigField;

// The fields of a block, borrowed from an array that lives for the whole process. Not a std::span: the elements of that must be
// of a complete type.
class ConfigFields {
 public:
  constexpr ConfigFields() = default;
  template <std::size_t N>
  constexpr ConfigFields(const std::array<ConfigField, N>& fields)  // NOLINT(google-explicit-constructor): `.members = kFields`
      : first_(fields.data()), count_(N) {}

  constexpr std::span<const ConfigField> span() const;

 private:
  const ConfigField* first_ = nullptr;
  std::size_t count_ = 0;
};

struct ConfigField {
  std::string_view name;
  FieldKind kind = FieldKind::kString;
  bool required = false;
  bool secret = false;               // write-only and sensitive in Terraform; of kString and kStringMap
  std::string_view default_value{};  // as text; empty: none; of kString, kNumber and kBool
  std::string_view one_of{};         // the allowed values, separated by '|'; empty: any
  std::string_view doc{};            // one or two sentences, Markdown
  bool identity = false;             // part of what the thing *is*: another value means another thing
  bool runs_program = false;         // runs a program on this machine: needs the provider's allow_exec
  std::string_view goes_with{};      // "layout=pkcs12": required when that field has this value, refused when it has another
  ConfigFields members{};            // of kBlock and kBlockList
};

constexpr std::span<const ConfigField> ConfigFields::span() const { return {first_, count_}; }

// The field of that name; null when there is none.
constexpr const ConfigField* FindField(std::span<const ConfigField> fields, std::string_view name) {
  for (const ConfigField& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

}  // namespace base
