// SPDX-License-Identifier: MPL-2.0
// The system's words for an error number.
#pragma once

#include <string>

namespace base::os {

// In lower case: "no such file or directory". `code`: an errno.
std::string SystemErrorText(int code);

}  // namespace base::os
