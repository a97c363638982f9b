// SPDX-License-Identifier: MPL-2.0
#include "base/os/posix/inheritance.h"

#include <unistd.h>

namespace base::os {

void InheritStandardStreamsOnly(posix_spawn_file_actions_t& actions) {
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // glibc 2.34
}

}  // namespace base::os
