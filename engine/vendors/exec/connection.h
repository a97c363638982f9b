// SPDX-License-Identifier: MPL-2.0
// The exec connection: a program of the user's own, which places records (the protocol of lego's exec provider) or keeps
// certificates (the protocol of engine/sync/user_store_protocol.h).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/call.h"
#include "base/process.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/connection.h"
#include "engine/connections/user_program.h"

namespace engine::vendors::exec {

struct ProgramCall {
  std::vector<std::string> arguments{};  // after the program
  base::Secret input{};                  // all of its stdin
  std::string_view zone{};               // for CERTWRIGHT_ZONE: with its final dot; empty when none is concerned
};

class Exec {
 public:
  // `program`: as configured. `path`: what is run, with a bridge resolved.
  Exec(std::string program, std::string path, connections::ProgramEnvironment environment,
       connections::HoldsSealingKey holds_sealing_key)
      : program_(std::move(program)),
        path_(std::move(path)),
        environment_(std::move(environment)),
        holds_sealing_key_(std::move(holds_sealing_key)) {}

  const std::string& program() const { return program_; }
  const std::string& path() const { return path_; }
  // Any exit code is an outcome. Errors: kInvalid (it cannot be run), kCancelled, kTimeout. Blocks.
  base::Result<base::ProgramOutcome> Run(const base::Call& call, const ProgramCall& what) const;
  // Errors: besides, kDenied (exit code 77: the program refuses, and has done nothing), kUnavailable (any other failure: what it
  // has done is not known), both with the last lines of its stderr in details. Blocks.
  base::Result<void> Perform(const base::Call& call, const ProgramCall& what) const;
  // What it said last on stderr, for people: without what is in its environment, and without `secret`.
  std::vector<std::string> LastWords(base::ProgramOutcome outcome, const base::Secret& secret = {}) const;

 private:
  std::string program_;
  std::string path_;
  connections::ProgramEnvironment environment_;
  connections::HoldsSealingKey holds_sealing_key_;
};

// Errors: kDenied (allow_exec is not set), kInvalid; both blame the field.
base::Result<Exec> MakeExec(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::exec
