// SPDX-License-Identifier: MPL-2.0
// The exec protocol, default mode: https://go-acme.github.io/lego/dns/exec
#include "engine/vendors/exec/connection.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/user_program.h"
#include "engine/vendors/exec/vendor.h"

namespace engine::vendors::exec {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using connections::Blame;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using Variables = std::map<std::string, base::Secret>;

constexpr int kRefused = 77;  // EX_NOPERM of sysexits.h
constexpr std::size_t kShownLines = 5;
// Shorter values stand everywhere: to hide them would make the text unreadable and hide nothing.
constexpr std::size_t kShortestSecret = 4;

constexpr std::array kFields{
    base::ConfigField{.name = "program",
                      .required = true,
                      .doc = "The program: a path, or a name that is looked for in `PATH`. It is run without a shell, as "
                             "`program present <name> <value>` and `program cleanup <name> <value>`.",
                      .identity = true},
    base::ConfigField{.name = "environment",
                      .kind = base::FieldKind::kStringMap,
                      .secret = true,
                      .doc = "Environment variables of the program, besides those of Terraform itself, such as its credentials."},
};

bool IsVariableName(std::string_view name) {
  const auto is_letter = [](char one) { return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || one == '_'; };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char one) { return is_letter(one) || (one >= '0' && one <= '9'); });
}

Variables ReadEnvironment(const Connection& connection) {
  const base::SecretMap& environment = connection.settings.Secrets("environment");
  return {environment.begin(), environment.end()};
}

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  if (connection.settings.Has("program") && base::Trim(connection.settings.Text("program")).empty()) {
    problems.push_back({"program", "Name a program: a path, or a name that is in PATH."});
  }
  const Variables variables = ReadEnvironment(connection);
  if (!std::all_of(variables.begin(), variables.end(), [](const auto& one) { return IsVariableName(one.first); })) {
    problems.push_back(
        {"environment", "The names of environment variables are letters, digits and underscores, and begin with no digit."});
  }
  return problems;
}

// The program's words without what it was told in confidence, line by line: it may print one line of a key.
std::string WithoutSecrets(std::string text, const Variables& variables) {
  constexpr std::string_view kMask = "***";
  for (const auto& [name, value] : variables) {
    for (const std::string& line : base::Split(value.Reveal(), '\n')) {
      if (line.size() < kShortestSecret) continue;
      for (auto at = text.find(line); at != std::string::npos; at = text.find(line, at + kMask.size())) {
        text.replace(at, line.size(), kMask);
      }
    }
  }
  return text;
}

// The protocol has no call that changes nothing: whether the program is there is all that can be told.
base::Result<void> Check(const base::Call&, const Connection& connection, const Deps& deps) {
  const auto exec = MakeExec(connection, deps);
  if (!exec) return exec.error();
  if (auto found = base::CheckProgram(exec->program()); !found) return Blame("program", std::move(found.error().message));
  return {};
}

}  // namespace

base::Result<void> Exec::Run(const base::Call& call, const std::string& action, const std::string& fqdn,
                             const std::string& value) const {
  const base::SteadyTime start = call.SteadyNow();
  auto done = connections::RunUserProgram(call, {.arguments = {program_, action, fqdn, value}, .environment = environment_});
  if (!done) {
    Error error = std::move(done).error();
    const bool is_missing = error.kind == ErrorKind::kNotFound || error.kind == ErrorKind::kDenied;
    return is_missing ? Blame("program", std::move(error.message)) : error;
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(call.SteadyNow() - start);
  call.log.Debug("program ended",
                 {{base::key::kName, program_}, {base::key::kStatus, done->exit_code}, {base::key::kTook, took}});
  if (done->exit_code == 0) return {};
  return Error{.kind = done->exit_code == kRefused ? ErrorKind::kDenied : ErrorKind::kUnavailable,
               .message = Cat(base::Printable(program_, 200), " ", action, " ", fqdn, " failed with exit code ", done->exit_code),
               .details = base::LastLines(WithoutSecrets(std::move(done->errors), environment_), kShownLines)};
}

base::Result<Exec> MakeExec(const Connection& connection, const Deps& deps) {
  if (!deps.allow_exec) {
    return Error{.kind = ErrorKind::kDenied,
                 .message = "programs may not be run on this machine: the provider's allow_exec is not true",
                 .blame = ConnectionField("program")};
  }
  if (connection.settings.Text("program").empty()) return Blame("program", "program is not set");
  if (auto problems = Validate(connection); !problems.empty()) return Blame(problems[0].field, problems[0].message);
  return Exec(std::string(connection.settings.Text("program")), ReadEnvironment(connection));
}

const ConnectionSpec kConnection{
    .kind = "exec",
    .title = "Program on this machine (exec protocol)",
    .doc =
        "A program of your own that places records, run on the machine that runs Terraform, as lego's `exec` provider runs it. "
        "Refused unless the provider has `allow_exec = true`. For DNS services that Certwright does not know.",
    .fields = kFields,
    .validate = Validate,
    .check = Check,
    .program_field = "program",
};

}  // namespace engine::vendors::exec
