// SPDX-License-Identifier: MPL-2.0
// ChildProcess: one started program, what it is handed, and what it prints. Callers use base::RunProgram, which decides how long
// it may take.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/os/descriptor.h"
#include "base/result.h"
#include "base/secret.h"

namespace base::os {

// The program heads a group of its own, which the programs that it starts belong to: a Ctrl-C in the terminal reaches the group
// through this process alone. Killed and waited for when this goes away. For one thread.
class ChildProcess {
 public:
  // `arguments`: the first is the program, a path or a name that is looked for in PATH. `environment`: "NAME=value", all of it.
  // `input`: all that it can read from its stdin. It may leave some of it unread if this process ignores SIGPIPE
  // (IgnoreBrokenPipes). It inherits no descriptor, signal mask or ignored signal of this process.
  // Errors: kNotFound (no such program), kDenied (not executable), kInternal.
  static Result<ChildProcess> Start(std::span<const std::string> arguments, std::span<const std::string> environment,
                                    Secret input = {});

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  bool HasEnded();
  bool HasOpenOutputs() const { return output_.is_open() || errors_.is_open(); }
  bool IsGroupRunning() const;
  // Once it has ended: 128 + the signal if one ended it, as a shell reports it.
  int exit_code() const;

  // Waits up to `limit` for what it prints, and appends it; hands it more of its input meanwhile. True if it printed something,
  // the end of an output included.
  bool Exchange(std::chrono::milliseconds limit, std::string& output, std::string& errors);

  // Asks the group to end.
  void Terminate() const;
  void Kill() const;

 private:
  // The ends of the pipes that are ours.
  struct Streams {
    Descriptor input;
    Descriptor output;
    Descriptor errors;
  };
  ChildProcess(int process, Streams streams, Secret input);
  void WriteInput();

  int group_;
  int process_;  // below 0 once it has ended
  Secret input_;
  std::size_t written_ = 0;  // of input_
  Descriptor input_pipe_;    // closed once all is written
  Descriptor output_;
  Descriptor errors_;
  int status_ = 0;
};

// Finds the program as Start does. Errors: kNotFound, kDenied (not executable).
Result<void> CheckProgram(const std::string& program);

}  // namespace base::os
