// SPDX-License-Identifier: MPL-2.0
#include "base/environment.h"

#include <unistd.h>

#include <cstdlib>

namespace base {

std::optional<std::string> Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

std::vector<std::string> EnvironmentEntries() {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) entries.emplace_back(*entry);
  return entries;
}

void RemoveEnvironment(std::string_view prefix) {
  for (const std::string& entry : EnvironmentEntries()) {
    const std::string name = entry.substr(0, entry.find('='));
    if (name.starts_with(prefix)) unsetenv(name.c_str());
  }
}

}  // namespace base
