// SPDX-License-Identifier: MPL-2.0
#include "base/environment.h"

#include <cstdlib>

#include "base/os/this_process.h"

namespace base {

std::optional<std::string> Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

void RemoveEnvironment(std::string_view prefix) {
  for (const std::string& entry : os::EnvironmentEntries()) {
    const std::string name = entry.substr(0, entry.find('='));
    if (name.starts_with(prefix)) os::UnsetEnvironmentVariable(name);
  }
}

}  // namespace base
