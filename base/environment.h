// SPDX-License-Identifier: MPL-2.0
// The only place that reads and changes environment variables.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// The variable's value; empty when it is not set. A variable that is set to nothing counts as not set.
std::optional<std::string> Environment(const char* name);

// Removes every variable whose name begins with `prefix`, for this process and the programs that it starts. To be called before
// any thread starts.
void RemoveEnvironment(std::string_view prefix);

// Environment, or a test's.
using EnvironmentReader = std::function<std::optional<std::string>(const char* name)>;

}  // namespace base
