// SPDX-License-Identifier: MPL-2.0
// The root certificates that this machine trusts.
#pragma once

#include <string>

namespace base::os {

// All of them in PEM. Empty if there are none or they cannot be read.
std::string ReadSystemRoots();

}  // namespace base::os
