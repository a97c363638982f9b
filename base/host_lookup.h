// SPDX-License-Identifier: MPL-2.0
// The addresses of a host, by the machine's name service, in no more time than a call allows.
#pragma once

#include <string>
#include <vector>

#include "base/call.h"
#include "base/result.h"

namespace base {

// Numeric addresses, the preferred ones first; a host that is numeric already comes back at once.
// Errors: kNotFound (in the name service's words), kCancelled, kTimeout. Blocks; safe from many threads.
Result<std::vector<std::string>> LookUpHost(const Call& call, const std::string& host);

}  // namespace base
