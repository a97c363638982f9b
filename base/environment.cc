// SPDX-License-Identifier: MPL-2.0
#include "base/environment.h"

#include <cstdlib>

namespace base {

std::optional<std::string> Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

}  // namespace base
