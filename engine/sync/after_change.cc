// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/after_change.h"

#include "base/text.h"
#include "engine/connections/user_program.h"

namespace engine::sync {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;

constexpr std::size_t kMostLines = 20;
constexpr std::size_t kLongestLine = 300;

}  // namespace

std::vector<std::string> ReadProgram(const Settings& settings) { return settings.List("after_change"); }

std::string ProgramProblem(const Settings& settings) {
  const auto program = ReadProgram(settings);
  if (program.empty() || !program.front().empty()) return {};
  return "The first element is the program to run, by path or by name; leave the argument out to run none.";
}

base::Result<void> RunAfterChange(const base::Call& call, const std::vector<std::string>& program) {
  const auto finished = connections::RunUserProgram(call, {.arguments = program});
  if (!finished) return Error(finished.error()).While("running after_change");
  call.log.Info("after_change was run", {{base::key::kPath, program.front()}});
  return JudgeProgram(program.front(), finished->exit_code, Cat(finished->errors, finished->output));
}

base::Result<void> JudgeProgram(std::string_view program, int exit_code, std::string_view said) {
  if (exit_code == 0) return {};
  Error error{ErrorKind::kConflict,
              Cat("the program ", base::Printable(program, kLongestLine), " ended with exit code ", exit_code)};
  error.while_doing.emplace_back("running after_change");
  for (const std::string& line : base::Split(said, '\n')) {
    if (!line.empty() && error.details.size() < kMostLines) error.details.push_back(base::Printable(line, kLongestLine));
  }
  return error;
}

}  // namespace engine::sync
