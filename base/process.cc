// SPDX-License-Identifier: MPL-2.0
#include "base/process.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/os/child_process.h"
#include "base/text.h"

namespace base {
namespace {

constexpr std::size_t kLongestLine = 300;
constexpr std::chrono::milliseconds kTick{20};
constexpr std::chrono::milliseconds kLastTick{1};  // a program that has closed its streams is about to end
constexpr std::chrono::seconds kGrace{2};

// "NAME=value" entries, wiped at the end.
class EnvironmentBlock {
 public:
  explicit EnvironmentBlock(const std::map<std::string, Secret>& variables) {
    for (const auto& [name, value] : variables) entries_.push_back(Cat(name, "=", value.Reveal()));
  }
  EnvironmentBlock(const EnvironmentBlock&) = delete;
  EnvironmentBlock& operator=(const EnvironmentBlock&) = delete;
  ~EnvironmentBlock() {
    for (std::string& entry : entries_) Wipe(entry);
  }
  const std::vector<std::string>& entries() const { return entries_; }

 private:
  std::vector<std::string> entries_;
};

// Waits a tick for output; true if there was some.
bool Exchange(os::ChildProcess& child, ProgramOutcome& finished) {
  const bool printed = child.Exchange(child.HasOpenOutputs() ? kTick : kLastTick, finished.output, finished.errors);
  finished.is_output_cut = finished.is_output_cut || finished.output.size() > kMaxProgramOutput;
  for (std::string* text : {&finished.output, &finished.errors}) text->resize(std::min(text->size(), kMaxProgramOutput));
  return printed;
}

// The programs that it has started go too, also when it went first.
void End(os::ChildProcess& child, ProgramOutcome& finished) {
  child.Terminate();
  const SteadyTime until = RealClock().SteadyNow() + kGrace;
  while ((!child.HasEnded() || child.IsGroupRunning()) && RealClock().SteadyNow() < until) Exchange(child, finished);
  child.Kill();
}

}  // namespace

Result<ProgramOutcome> RunProgram(const Call& call, const Program& program) {
  if (program.arguments.empty() || program.arguments.front().empty()) return Error{ErrorKind::kInvalid, "no program is named"};
  Result<void> fine = call.Check();
  if (!fine) return std::move(fine).error();
  const EnvironmentBlock environment(program.environment);
  auto child = os::ChildProcess::Start(program.arguments, environment.entries(), program.input);
  if (!child) return std::move(child).error();
  ProgramOutcome finished;
  while (fine && !child->HasEnded()) {
    Exchange(*child, finished);
    fine = call.Check();
  }
  if (!fine) {
    End(*child, finished);
    return std::move(fine).error();
  }
  // What it wrote last. A program that it left running may hold the pipes open: their end is not waited for.
  while (child->HasOpenOutputs() && Exchange(*child, finished)) {
  }
  finished.exit_code = child->exit_code();
  return finished;
}

std::vector<std::string> LastLines(std::string_view output, std::size_t count) {
  std::vector<std::string> lines = Split(output, '\n');
  std::erase_if(lines, [](const std::string& line) { return Trim(line).empty(); });
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  for (std::string& line : lines) line = Printable(Trim(line), kLongestLine);
  return lines;
}

Result<void> CheckProgram(const std::string& program) { return os::CheckProgram(program); }

}  // namespace base
