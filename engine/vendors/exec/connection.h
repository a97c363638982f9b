// SPDX-License-Identifier: MPL-2.0
// The exec connection: a program of the user's own that places and removes records (the protocol of lego's exec provider).
#pragma once

#include <string>
#include <utility>

#include "base/call.h"
#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/connections/user_program.h"

namespace engine::vendors::exec {

class Exec {
 public:
  Exec(std::string program, connections::ProgramEnvironment environment, connections::HoldsSealingKey holds_sealing_key)
      : program_(std::move(program)), environment_(std::move(environment)), holds_sealing_key_(std::move(holds_sealing_key)) {}

  const std::string& program() const { return program_; }
  // `action`: "present" or "cleanup". Errors: kDenied (exit code 77: the program refuses, and has done nothing), kUnavailable
  // (any other failure: what it has done is not known), both with the last lines of its stderr in details; kInvalid (it cannot be
  // run); kCancelled, kTimeout. Blocks.
  base::Result<void> Run(const base::Call& call, const std::string& action, const std::string& fqdn,
                         const std::string& value) const;

 private:
  std::string program_;
  connections::ProgramEnvironment environment_;
  connections::HoldsSealingKey holds_sealing_key_;
};

// Errors: kDenied (allow_exec is not set), kInvalid; both blame the field.
base::Result<Exec> MakeExec(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::exec
