// SPDX-License-Identifier: MPL-2.0
// The settings of a destination block, and typed access to them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config_field.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::sync {

// The fields that are set, as text; lists joined by newlines, maps as "key=value" lines.
using Settings = std::map<std::string, std::string, std::less<>>;
// Its secret fields, those that are set.
using Secrets = std::map<std::string, base::Secret, std::less<>>;

inline constexpr base::Subject kDestinationSubject{"destination"};

// For Error::blame: a field of the destination block.
inline base::Blame DestinationField(std::string_view field) { return {kDestinationSubject, std::string(field)}; }

// Reads settings with the defaults that the fields declare. Borrows both.
class SettingReader {
 public:
  SettingReader(const Settings& settings, std::span<const base::ConfigField> fields) : settings_(settings), fields_(fields) {}

  bool Has(std::string_view name) const { return settings_.contains(name); }
  // Empty when it is neither set nor has a default.
  std::string Text(std::string_view name) const;
  bool Flag(std::string_view name) const { return Text(name) == "true"; }
  // Empty when it is not a whole number from `min` to `max`. An empty text counts as not set.
  std::optional<std::int64_t> Integer(std::string_view name, std::int64_t min, std::int64_t max) const;
  std::vector<std::string> List(std::string_view name) const;
  std::map<std::string, std::string, std::less<>> Map(std::string_view name) const;

 private:
  std::string_view DefaultOf(std::string_view name) const;

  const Settings& settings_;
  std::span<const base::ConfigField> fields_;
};

std::optional<base::Secret> FindSecret(const Secrets& secrets, std::string_view name);

}  // namespace engine::sync
