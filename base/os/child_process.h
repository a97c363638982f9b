// SPDX-License-Identifier: MPL-2.0
// ChildProcess: one started program and what it prints. Callers use base::RunProgram, which decides how long it may take.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "base/os/descriptor.h"
#include "base/result.h"

namespace base::os {

// The program heads a group of its own, which the programs that it starts belong to: a Ctrl-C in the terminal reaches the group
// through this process alone. Killed and waited for when this goes away. For one thread.
class ChildProcess {
 public:
  // `arguments`: the first is the program, a path or a name that is looked for in PATH. `environment`: "NAME=value", all of it.
  // Its stdin is empty, and it inherits no descriptor, signal mask or ignored signal of this process.
  // Errors: kNotFound (no such program), kDenied (not executable), kInternal.
  static Result<ChildProcess> Start(std::span<const std::string> arguments, std::span<const std::string> environment);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  bool HasEnded();
  bool HasOpenOutputs() const { return output_.is_open() || errors_.is_open(); }
  bool IsGroupRunning() const;
  // Once it has ended: 128 + the signal if one ended it, as a shell reports it.
  int exit_code() const;

  // Waits up to `limit` for what it prints, and appends it. True if there was something, the end of an output included.
  bool Read(std::chrono::milliseconds limit, std::string& output, std::string& errors);

  // Asks the group to end.
  void Terminate() const;
  void Kill() const;

 private:
  ChildProcess(int process, Descriptor output, Descriptor errors);

  int group_;
  int process_;  // below 0 once it has ended
  Descriptor output_;
  Descriptor errors_;
  int status_ = 0;
};

// Finds the program as Start does. Errors: kNotFound, kDenied (not executable).
Result<void> CheckProgram(const std::string& program);

}  // namespace base::os
