// SPDX-License-Identifier: MPL-2.0
#include "tests/support/foreign_python.h"

#include "base/environment.h"
#include "base/text.h"
#include "tests/support/child_process.h"
#include "tests/support/source_tree.h"

namespace tests {
namespace {

// The interpreter; the first call fetches the packages when they are not there yet. Empty: they cannot be had, and `said` tells
// why.
struct Interpreter {
  std::string path;
  std::string said;
};

const Interpreter& FindInterpreter() {
  static const Interpreter found = [] {
    ChildProcess search({"python3", "-B", "-m", "lab.judges"},
                        {base::Cat("PYTHONPATH=", (testing_support::SourceRoot() / "tests/e2e").string())});
    const int code = search.Join();
    const auto lines = base::Split(base::Trim(search.output()), '\n');
    return code == 0 ? Interpreter{.path = lines.back(), .said = {}} : Interpreter{.path = {}, .said = search.output()};
  }();
  return found;
}

}  // namespace

std::string RunJudge(const std::string& program, const std::vector<std::string>& arguments,
                     const std::vector<std::string>& environment) {
  std::vector<std::string> command{FindInterpreter().path, "-B",
                                   testing_support::SourceRoot() / "tests/engine/vendors" / program};
  command.insert(command.end(), arguments.begin(), arguments.end());
  ChildProcess judge(std::move(command), environment);
  const int code = judge.Join();
  return code == 0 ? judge.output() : base::Cat(judge.output(), "exit code ", code, "\n");
}

void WithForeignPython::SetUp() {
  if (!FindInterpreter().path.empty()) return;
  if (base::Environment("CI")) FAIL() << FindInterpreter().said;
  GTEST_SKIP() << "nobody foreign judged: " << FindInterpreter().said;
}

}  // namespace tests
