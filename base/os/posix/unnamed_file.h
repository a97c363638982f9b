// SPDX-License-Identifier: MPL-2.0
// A file without a name, for directory.cc: it goes with the process that writes it. POSIX has none: each system has its own way.
#pragma once

#include <string>

#include "base/os/descriptor.h"

namespace base::os {

// Not open where the system or the file system has no such files.
Descriptor OpenUnnamedFile(int folder);
// Gives it a name. False with an errno: EEXIST if there is something of that name.
bool NameFile(int file, int folder, const std::string& name);

}  // namespace base::os
