// SPDX-License-Identifier: MPL-2.0
// Reads small files: tokens, configurations, trust bundles.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace base {

inline constexpr std::size_t kMaxSmallFile = 1024 * 1024;

// The content of the file; "~/" is the home directory. Follows symbolic links; reads pipes to their end.
// Errors: kNotFound (no such file, or it cannot be read), kInvalid (it has more than `max_bytes`).
Result<Secret> ReadSmallFile(const std::string& path, std::size_t max_bytes = kMaxSmallFile);

}  // namespace base
