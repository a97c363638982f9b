// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/after_change.h"

#include "base/text.h"

namespace engine::sync {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;

constexpr std::size_t kLongestName = 300;

}  // namespace

std::vector<std::string> ReadProgram(const Settings& settings, std::string_view field) { return settings.List(field); }

std::string ProgramProblem(const Settings& settings, std::string_view field) {
  const auto program = ReadProgram(settings, field);
  if (program.empty() || !program.front().empty()) return {};
  return "The first element is the program to run, by path or by name; leave the argument out to run none.";
}

base::Result<void> RunChangeProgram(const base::Call& call, std::string_view field, const connections::UserProgram& program,
                                    const connections::HoldsSealingKey& holds_sealing_key) {
  return JudgeProgram(call, field, program.arguments.front(), connections::RunUserProgram(call, program, holds_sealing_key));
}

base::Result<void> JudgeProgram(const base::Call& call, std::string_view field, std::string_view program,
                                base::Result<base::ProgramOutcome> outcome) {
  if (!outcome) return std::move(outcome).error().While(Cat("running ", field));
  call.log.Info(Cat(field, " was run"), {{base::key::kPath, program}});
  if (outcome->exit_code == 0) return {};
  return Error{
      .kind = ErrorKind::kConflict,
      .message = Cat("the program ", base::Printable(program, kLongestName), " ended with exit code ", outcome->exit_code),
      .while_doing = {Cat("running ", field)},
      .details = connections::LastWords(Cat(outcome->output, outcome->errors), {})};
}

}  // namespace engine::sync
