// SPDX-License-Identifier: MPL-2.0
// A rename that replaces nothing, for directory.cc. POSIX has none: each system has a call of its own.
#pragma once

#include <string>

namespace base::os {

// False with an errno: EEXIST if `to` exists, EINVAL if the file system does not support it. Both names are in the open folder.
bool RenameWithoutReplacing(int folder, const std::string& from, const std::string& to);

}  // namespace base::os
