// SPDX-License-Identifier: MPL-2.0
#include "base/os/this_process.h"

#include <unistd.h>

#include <cstdlib>

namespace base::os {

int ProcessId() { return getpid(); }

int ParentProcessId() { return getppid(); }

std::vector<std::string> EnvironmentEntries() {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) entries.emplace_back(*entry);
  return entries;
}

void UnsetEnvironmentVariable(const std::string& name) { unsetenv(name.c_str()); }

}  // namespace base::os
