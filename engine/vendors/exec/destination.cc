// SPDX-License-Identifier: MPL-2.0
// exec: certificates are put where they are used by a program of the user's own, which is run once per request, with the request
// as its stdin and the answer as its stdout (engine/sync/user_store_protocol.h). No argument and no variable is made of either.
#include <array>
#include <chrono>
#include <utility>

#include "base/text.h"
#include "engine/sync/user_store.h"
#include "engine/vendors/exec/connection.h"
#include "engine/vendors/exec/vendor.h"

namespace engine::vendors::exec {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using sync::DestinationSpec;
using sync::Setup;
using sync::UserStoreRequest;

constexpr int kMaxRuns = 4;
constexpr std::chrono::seconds kFirstPause{2};

// What an exit code says. Any other is a failure that leaves open what was done.
struct ExitCode {
  int code;
  ErrorKind kind;
  std::string_view verb;  // between the program and the request
};
constexpr std::array kExitCodes{
    ExitCode{3, ErrorKind::kNotFound, "found nothing"}, ExitCode{4, ErrorKind::kConflict, "reports a conflict"},
    ExitCode{75, ErrorKind::kRateLimited, "asks to try again later"},  // EX_TEMPFAIL of sysexits.h
};

class ProgramChannel final : public sync::UserStoreChannel {
 public:
  ProgramChannel(Exec exec, std::chrono::milliseconds limit) : exec_(std::move(exec)), limit_(limit) {}

  Result<std::string> Send(const Call& call, const UserStoreRequest& request) override {
    std::chrono::milliseconds pause = kFirstPause;
    for (int run = 1;; ++run, pause *= 2) {
      auto answer = SendOnce(call, request);
      const bool is_later = !answer && answer.error().kind == ErrorKind::kRateLimited;
      if (!is_later || run == kMaxRuns || pause >= call.TimeLeft()) return answer;
      call.log.Info("waiting before the program is run again", {{base::key::kWait, pause}, {base::key::kAttempt, run}});
      if (auto waited = call.Wait(pause); !waited) return std::move(waited).error();
    }
  }

 private:
  Result<std::string> SendOnce(const Call& call, const UserStoreRequest& request) const {
    auto done = exec_.Run(call.Within(limit_), {.input = request.body});
    if (!done) {
      return sync::ExplainCallLimit(call, limit_, std::move(done).error().While(Cat("running ", Describe(request))));
    }
    if (done->exit_code != 0) return Fail(request, *std::move(done));
    if (done->is_output_cut) return Error{ErrorKind::kProtocol, "the answer is longer than 64 kB"};
    return std::move(done->output);
  }

  Error Fail(const UserStoreRequest& request, base::ProgramOutcome outcome) const {
    const int code = outcome.exit_code;
    Error error{.kind = ErrorKind::kUnavailable,
                .message = Cat(Describe(request), " failed with exit code ", code),
                .details = exec_.LastWords(std::move(outcome), request.private_key)};
    for (const ExitCode& one : kExitCodes) {
      if (one.code != code) continue;
      error.kind = one.kind;
      error.message =
          Cat(base::Printable(exec_.program(), 200), " ", one.verb, ": ", NameOf(request.operation), " ", request.subject);
    }
    return error;
  }

  // "/usr/local/bin/store put web".
  std::string Describe(const UserStoreRequest& request) const {
    return Cat(base::Printable(exec_.program(), 200), " ", NameOf(request.operation), " ", request.subject);
  }

  const Exec exec_;
  const std::chrono::milliseconds limit_;
};

Result<std::unique_ptr<sync::Destination>> MakeExecDestination(const Setup& setup) {
  auto exec = MakeExec(*setup.connection, setup.deps);
  if (!exec) return std::move(exec).error();
  auto channel = std::make_unique<ProgramChannel>(*std::move(exec), sync::UserStoreCallLimit(setup.settings));
  return sync::MakeUserStoreDestination(std::move(channel), setup);
}

}  // namespace

constexpr DestinationSpec kDestination{sync::UserStoreSpec(
    "exec", "Program of your own (exec)",
    "Runs a program that you provide, on the machine that runs Terraform, for each certificate: it reads a JSON object from its "
    "standard input, and reports what is deployed, deploys a certificate, or removes one. For appliances that Certwright does not "
    "support. The program also runs in `terraform plan`, and requires `allow_exec = true` in the `provider` block.",
    MakeExecDestination)};

}  // namespace engine::vendors::exec
