// SPDX-License-Identifier: MPL-2.0
// after_change: a program of the user's that is run once files have changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/sync/destination.h"

namespace engine::sync {

// The setting "after_change": the program and its arguments; empty: none.
std::vector<std::string> ReadProgram(const Settings& settings);
// What is wrong with it, a sentence; empty when nothing is.
std::string ProgramProblem(const Settings& settings);

// Runs the program on this machine. Errors: kConflict (another exit code than 0, with what the program said as details), and
// those of base::RunProgram. Blocks until the program has ended; safe from many threads.
base::Result<void> RunAfterChange(const base::Call& call, const std::vector<std::string>& program);

// The outcome of a program that ended: an error unless `exit_code` is 0. `said`: what it wrote.
base::Result<void> JudgeProgram(std::string_view program, int exit_code, std::string_view said);

}  // namespace engine::sync
