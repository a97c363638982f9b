// SPDX-License-Identifier: MPL-2.0
// What the system keeps of this process: its number, its parent, its environment block.
#pragma once

#include <string>
#include <vector>

namespace base::os {

int ProcessId();
// Another one than at the start means that the parent has ended.
int ParentProcessId();

// All environment variables as "NAME=value".
std::vector<std::string> EnvironmentEntries();
// Not safe while other threads read the environment.
void UnsetEnvironmentVariable(const std::string& name);

}  // namespace base::os
