// SPDX-License-Identifier: MPL-2.0
// Small files of the user's: tokens, configurations.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace base {

// What is in the file. Errors: kNotFound (there is none, or it cannot be read), kInvalid (over 1 MiB). Follows symbolic links.
Result<Secret> ReadSmallFile(const std::string& path);

}  // namespace base
