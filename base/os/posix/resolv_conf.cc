// SPDX-License-Identifier: MPL-2.0
#include "base/os/posix/resolv_conf.h"

#include "base/text.h"

namespace base::os {

std::vector<std::string> ParseResolvConf(std::string_view text) {
  constexpr std::string_view kKeyword = "nameserver";
  std::vector<std::string> servers;
  for (const std::string& raw : Split(text, '\n')) {
    std::string_view line = Trim(raw);
    if (!line.starts_with(kKeyword)) continue;
    line.remove_prefix(kKeyword.size());
    if (!line.starts_with(' ') && !line.starts_with('\t')) continue;
    line = Trim(line);
    servers.emplace_back(line.substr(0, line.find_first_of(" \t#;")));
  }
  return servers;
}

}  // namespace base::os
