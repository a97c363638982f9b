// SPDX-License-Identifier: MPL-2.0
// The recursive DNS servers that this machine is set up with.
#pragma once

#include <string>
#include <vector>

namespace base::os {

// Their addresses as text, in the order of preference. Empty if none is configured or the configuration cannot be read.
std::vector<std::string> SystemResolvers();

}  // namespace base::os
