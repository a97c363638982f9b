// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/exec/connection.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/user_program.h"
#include "engine/dns/record_api.h"
#include "engine/vendors/exec/bridge.h"
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

constexpr int kRefused = 77;  // EX_NOPERM of sysexits.h
constexpr const char* kZoneVariable = "CERTWRIGHT_ZONE";

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "program",
                      .required = true,
                      .doc = "The program: a path, a name that is looked for in `PATH`, or a bridge, `bridge:lexicon` or "
                             "`bridge:acme.sh`, which comes with the provider. It is run without a shell: for DNS as "
                             "`program present <name> <value>` and `program cleanup <name> <value>`, for certificates without "
                             "arguments and with a JSON object as its standard input.",
                      .identity = true},
    connections::kProgramEnvironmentField,
    connections::kInheritEnvironmentField,
};

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  if (connection.settings.Has("program") && base::Trim(connection.settings.Text("program")).empty()) {
    problems.push_back({"program", "Name a program: a path, or a name that is in PATH."});
  }
  if (auto unknown = FindUnknownBridge(connection.settings.Text("program"))) {
    problems.push_back({"program", *std::move(unknown)});
  }
  for (auto& [field, message] : connections::FindEnvironmentProblems(connection.settings)) {
    problems.push_back({std::string(field), std::move(message)});
  }
  return problems;
}

// Neither protocol has a call without a purpose: whether the program is there is all that can be told. A bridge has one, which
// looks for what the bridge needs on this machine.
base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto exec = MakeExec(connection, deps);
  if (!exec) return exec.error();
  auto found = base::CheckProgram(exec->path());
  if (found && !IsBridge(exec->program())) return {};
  if (found) return exec->Perform(call, {.arguments = {"check"}});
  if (!IsBridge(exec->program())) return Blame("program", std::move(found.error().message));
  return Blame("program", Cat(found.error().message, "; it comes in the provider's zip, in a folder beside the binary"));
}

}  // namespace

base::Result<base::ProgramOutcome> Exec::Run(const base::Call& call, const ProgramCall& what) const {
  connections::UserProgram program{.arguments = {path_}, .environment = environment_, .input = what.input};
  program.arguments.insert(program.arguments.end(), what.arguments.begin(), what.arguments.end());
  if (!what.zone.empty()) program.environment.variables.try_emplace(kZoneVariable, std::string(dns::WithoutDot(what.zone)));
  const base::SteadyTime start = call.SteadyNow();
  auto done = connections::RunUserProgram(call, program, holds_sealing_key_);
  if (!done) {
    Error error = std::move(done).error();
    const bool is_missing = error.kind == ErrorKind::kNotFound || error.kind == ErrorKind::kDenied;
    return is_missing ? Blame("program", std::move(error.message)) : error;
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(call.SteadyNow() - start);
  call.log.Debug("program ended",
                 {{base::key::kName, program_}, {base::key::kStatus, done->exit_code}, {base::key::kTook, took}});
  return done;
}

base::Result<void> Exec::Perform(const base::Call& call, const ProgramCall& what) const {
  auto done = Run(call, what);
  if (!done) return std::move(done).error();
  const int code = done->exit_code;
  if (code == 0) return {};
  std::string doing = base::Printable(program_, 200);
  if (!what.arguments.empty()) doing.append(Cat(" ", what.arguments[0]));
  if (what.arguments.size() > 1) doing.append(Cat(" ", what.arguments[1]));
  return Error{.kind = code == kRefused ? ErrorKind::kDenied : ErrorKind::kUnavailable,
               .message = Cat(doing, " failed with exit code ", code),
               .details = LastWords(*std::move(done))};
}

std::vector<std::string> Exec::LastWords(base::ProgramOutcome outcome, const base::Secret& secret) const {
  connections::ProgramEnvironment hidden = environment_;
  hidden.variables.insert_or_assign("", secret);
  return connections::LastWords(std::move(outcome.errors), hidden);
}

base::Result<Exec> MakeExec(const Connection& connection, const Deps& deps) {
  if (!deps.allow_exec) {
    return Error{.kind = ErrorKind::kDenied,
                 .message = "programs may not be run on this machine: the provider's allow_exec is not true",
                 .blame = ConnectionField("program")};
  }
  if (connection.settings.Text("program").empty()) return Blame("program", "program is not set");
  if (auto problems = Validate(connection); !problems.empty()) return Blame(problems[0].field, problems[0].message);
  const std::string program(connection.settings.Text("program"));
  return Exec(program, ResolveBridge(program), connections::ReadProgramEnvironment(connection.settings), deps.holds_sealing_key);
}

const ConnectionSpec kConnection{
    .kind = "exec",
    .title = "Program on this machine (exec protocol)",
    .doc =
        "A program of your own, run on the machine that runs Terraform: it places records, as lego's `exec` provider runs it, or "
        "takes certificates to where they are used. Refused unless the provider has `allow_exec = true`. For DNS services and "
        "appliances that Certwright does not know.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
    .program_field = "program",
};

}  // namespace engine::vendors::exec
