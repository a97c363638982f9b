// SPDX-License-Identifier: MPL-2.0
#include "base/os/system_resolvers.h"

#include "base/os/posix/resolv_conf.h"
#include "base/read_file.h"

namespace base::os {

std::vector<std::string> SystemResolvers() {
  const auto file = ReadSmallFile("/etc/resolv.conf");
  return file ? ParseResolvConf(file->Reveal()) : std::vector<std::string>();
}

}  // namespace base::os
