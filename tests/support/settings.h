// SPDX-License-Identifier: MPL-2.0
// Settings of connections and destinations for tests, bound to the fields that the vendors declare.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/settings.h"

namespace tests {

// By path: "region", "assume_role.role_arn", "listeners.0.default".
using SettingEntries = std::map<std::string, base::Setting, std::less<>>;

// Sets what lies at the path; blocks of a list are made as they are named. A text stands for a
// number, a flag or a secret too, and its lines for a list or, as "name=value", for a map.
void Put(base::Settings& settings, std::string_view path, base::Setting value);
void Put(base::Settings& settings, const SettingEntries& entries);

base::Settings ConnectionSettings(std::string_view kind, const SettingEntries& entries = {});
base::Settings DestinationSettings(std::string_view kind, const SettingEntries& entries = {});

// All secrets, those in blocks among them.
std::vector<base::Secret> SecretsIn(const base::Settings& settings);

}  // namespace tests
