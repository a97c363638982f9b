// SPDX-License-Identifier: MPL-2.0
// Folders that only this user can enter.
#pragma once

#include <string>

#include "base/result.h"

namespace base::os {

// The path of a new, empty folder: `prefix` and a few random characters. Errors: kUnavailable, in the system's words.
Result<std::string> MakePrivateFolder(const std::string& prefix);

}  // namespace base::os
