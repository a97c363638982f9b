// SPDX-License-Identifier: MPL-2.0
// after_change: a program of the user's that is run once files have changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/connections/user_program.h"
#include "engine/sync/destination.h"

namespace engine::sync {

// The setting "after_change": the program and its arguments; empty: none.
std::vector<std::string> ReadProgram(const Settings& settings);
// What is wrong with it, a sentence; empty when nothing is.
std::string ProgramProblem(const Settings& settings);

// Runs the program on this machine. Errors: kConflict (another exit code than 0, with the last lines of what the program said as
// details), and those of RunUserProgram. Blocks until the program has ended; safe from many threads.
base::Result<void> RunAfterChange(const base::Call& call, const connections::UserProgram& program,
                                  const connections::HoldsSealingKey& holds_sealing_key);

// The outcome of a program that ended: an error unless its exit code is 0.
base::Result<void> JudgeProgram(std::string_view program, const base::ProgramOutcome& outcome);

}  // namespace engine::sync
