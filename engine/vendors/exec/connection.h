// SPDX-License-Identifier: MPL-2.0
// The exec connection: a program of the user's own that places and removes records (the protocol of lego's exec provider).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/connections/user_program.h"

namespace engine::vendors::exec {

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
  // `arguments`: "present" or "cleanup" with a name and a value; "check" alone, of a bridge. `zone`: the name of the zone, with
  // its final dot; empty when none is concerned. Errors: kDenied (exit code 77: the program refuses, and has done nothing),
  // kUnavailable (any other failure: what it has done is not known), both with the last lines of its stderr in details; kInvalid
  // (it cannot be run); kCancelled, kTimeout. Blocks.
  base::Result<void> Run(const base::Call& call, const std::vector<std::string>& arguments, std::string_view zone) const;

 private:
  std::string program_;
  std::string path_;
  connections::ProgramEnvironment environment_;
  connections::HoldsSealingKey holds_sealing_key_;
};

// Errors: kDenied (allow_exec is not set), kInvalid; both blame the field.
base::Result<Exec> MakeExec(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::exec
