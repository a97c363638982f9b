// SPDX-License-Identifier: MPL-2.0
// What a spawned program inherits, for child_process.cc. POSIX leaves it to each descriptor's close-on-exec flag, which a library
// may not set, or not at once.
#pragma once

#include <spawn.h>

namespace base::os {

// The program gets its three standard streams and no other descriptor. To be called after all other file actions.
void InheritStandardStreamsOnly(posix_spawn_file_actions_t& actions);

}  // namespace base::os
