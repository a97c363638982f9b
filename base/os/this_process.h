// SPDX-License-Identifier: MPL-2.0
// What the system keeps of this process: its number, its parent, its environment block.
#pragma once

#include <string>
#include <vector>

namespace base::os {

int ProcessId();
// Another one than at the start means that the parent has ended.
int ParentProcessId();

// A process beyond its number, which another one may get: "4711:123456", number and time of start. Empty where the system does
// not tell.
std::string ParentProcessIdentity();
// True also if `identity` is empty.
bool IsProcessRunning(const std::string& identity);

// The folder of this program's file, with links followed. Empty where the system does not tell.
std::string ProgramFolder();

// Other programs of the same user can read neither memory nor environment of this process any more, and it leaves no core dump;
// programs that it starts are not concerned.
void HideMemory();

// All environment variables as "NAME=value".
std::vector<std::string> EnvironmentEntries();
// Not safe while other threads read the environment.
void UnsetEnvironmentVariable(const std::string& name);

}  // namespace base::os
