// SPDX-License-Identifier: MPL-2.0
// The name servers in a resolver configuration (resolv.conf(5)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace base::os {

// What follows each "nameserver", unchecked and in order; other lines are skipped.
std::vector<std::string> ParseResolvConf(std::string_view text);

}  // namespace base::os
