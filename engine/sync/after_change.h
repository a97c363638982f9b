// SPDX-License-Identifier: MPL-2.0
// after_change and health_check: programs of the user's that are run once files have changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/connections/user_program.h"
#include "engine/sync/destination.h"

namespace engine::sync {

inline constexpr std::string_view kAfterChange = "after_change";
inline constexpr std::string_view kHealthCheck = "health_check";

// The setting of that name: a program and its arguments; empty: none.
std::vector<std::string> ReadProgram(const Settings& settings, std::string_view field);
// What is wrong with it, a sentence; empty when nothing is.
std::string ProgramProblem(const Settings& settings, std::string_view field);

// Runs the program of that setting on this machine. Errors: kConflict (another exit code than 0, with the last lines of what the
// program said as details), and those of RunUserProgram. Blocks until the program has ended; safe from many threads.
base::Result<void> RunChangeProgram(const base::Call& call, std::string_view field, const connections::UserProgram& program,
                                    const connections::HoldsSealingKey& holds_sealing_key);

// What came of such a program, wherever it was run: success if it ended with exit code 0. The log has that it ran.
base::Result<void> JudgeProgram(const base::Call& call, std::string_view field, std::string_view program,
                                base::Result<base::ProgramOutcome> outcome);

}  // namespace engine::sync
