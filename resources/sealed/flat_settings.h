// SPDX-License-Identifier: MPL-2.0
// How the settings of a connection are kept in handles, whose bytes must not change: one text per field, under its path
// ("assume_role.role_arn"), and secrets apart from the others.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/config_field.h"
#include "base/settings.h"
#include "engine/connections/connection.h"

namespace resources::sealed {

// Secret maps are "name=value", joined by NUL: values may hold line ends. Each item of a list is followed by NUL, which
// environment variables, whose names such lists hold, cannot contain.
struct FlatSettings {
  base::SettingMap settings{};
  base::SecretMap secrets{};
};

// Those that are set. Not for plain maps and lists of blocks, which no connection has: their text would not be unique.
FlatSettings Flatten(const base::Settings& settings);
// Leaves out what `fields` do not declare.
base::Settings Unflatten(std::span<const base::ConfigField> fields, const FlatSettings& flat);

struct FlatConnection {
  std::string kind{};
  std::string id{};
  FlatSettings values{};
};

engine::connections::Connection MakeConnection(std::span<const base::ConfigField> fields, const FlatConnection& flat);
// With the fields of the vendor that has this kind; with none when no vendor has it, since nothing can use it then.
engine::connections::Connection MakeConnection(const FlatConnection& flat);

}  // namespace resources::sealed
