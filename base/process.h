// SPDX-License-Identifier: MPL-2.0
// Programs of the user, run on this machine: the exec connection, after_change, a vendor's command-line tool.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "base/secret.h"

namespace base {

struct Program {
  std::vector<std::string> arguments;           // the first is the program: a path, or a name looked for in PATH; no shell
  std::map<std::string, Secret> environment{};  // all of it: nothing is inherited from this process
  Secret input{};                               // all of its stdin
};

inline constexpr std::size_t kMaxProgramOutput = std::size_t{64} * 1024;

struct ProgramOutcome {
  int exit_code = 0;   // 128 + the signal when one ended it, as a shell says it
  std::string output;  // stdout; what follows kMaxProgramOutput bytes is dropped
  std::string errors;  // stderr, likewise
  bool is_output_cut = false;
};

// Runs the program to its end, in a process group of its own. An exit code other than 0 is not an
// error of this function. When the call ends first, the whole group gets SIGTERM and, two seconds later,
// SIGKILL. Errors: kNotFound (no such program), kDenied (not executable), kCancelled, kTimeout, kInternal. Blocks; safe from many
// threads.
Result<ProgramOutcome> RunProgram(const Call& call, const Program& program);

// The last lines of what a program printed, in order, printable, each cut to 300 bytes; empty lines are left out.
std::vector<std::string> LastLines(std::string_view output, std::size_t count);

// Whether RunProgram would find it. Errors: kNotFound, kDenied (not executable).
Result<void> CheckProgram(const std::string& program);

}  // namespace base
