// SPDX-License-Identifier: MPL-2.0
// The machine's own way to find the addresses of a host: files, DNS, or what else it is set up with. Callers use
// base::LookUpHost, which can be cancelled.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace base::os {

// Numeric addresses, the preferred ones first, each with its zone if it is local to a link. Errors: kNotFound. Blocks with no
// limit.
Result<std::vector<std::string>> AskNameService(const std::string& host);

}  // namespace base::os
