// SPDX-License-Identifier: MPL-2.0
// The exec connection: a program of the user's own, which places records (the protocol of lego's exec provider) or keeps
// certificates (the protocol of engine/sync/user_store_protocol.h).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/call.h"
#include "base/process.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/connection.h"
#include "engine/connections/user_program.h"

namespace engine::vendors::exec {

class Exec {
 public:
  Exec(std::string program, connections::ProgramEnvironment environment, connections::HoldsSealingKey holds_sealing_key)
      : program_(std::move(program)), environment_(std::move(environment)), holds_sealing_key_(std::move(holds_sealing_key)) {}

  const std::string& program() const { return program_; }
  // Any exit code is an outcome. `arguments`: after the program. Errors: kInvalid (it cannot be run), kCancelled, kTimeout.
  // Blocks.
  base::Result<base::ProgramOutcome> Run(const base::Call& call, const std::vector<std::string>& arguments,
                                         const base::Secret& input = {}) const;
  // What it said last on stderr, for people: without what is in its environment, and without `secret`.
  std::vector<std::string> LastWords(base::ProgramOutcome outcome, const base::Secret& secret = {}) const;

 private:
  std::string program_;
  connections::ProgramEnvironment environment_;
  connections::HoldsSealingKey holds_sealing_key_;
};

// Errors: kDenied (allow_exec is not set), kInvalid; both blame the field.
base::Result<Exec> MakeExec(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::exec
