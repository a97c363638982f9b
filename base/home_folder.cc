// SPDX-License-Identifier: MPL-2.0
#include "base/home_folder.h"

#include "base/environment.h"

namespace base {

std::string ExpandHome(std::string_view path) {
  const bool is_home = path == "~" || path.starts_with("~/");
  const auto home = is_home ? Environment("HOME") : std::nullopt;
  return home ? *home + std::string(path.substr(1)) : std::string(path);
}

}  // namespace base
