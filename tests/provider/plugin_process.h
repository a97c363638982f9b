// SPDX-License-Identifier: MPL-2.0
// A plugin as a child process, with its outputs held by the test. Killed and reaped at the end, whatever happens; its socket goes
// too, unless the test sets a TMPDIR.
#pragma once

#include <sys/resource.h>

#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/provider/temporary_folder.h"

namespace tests {

struct PluginSpec {
  std::string program;
  std::vector<std::string> arguments{};
  std::map<std::string, std::string> environment{};  // the whole of it
  std::optional<rlim_t> descriptors{};               // its limit on them; empty: that of the test
};

class PluginProcess {
 public:
  explicit PluginProcess(const PluginSpec& spec);
  ~PluginProcess();
  PluginProcess(const PluginProcess&) = delete;
  PluginProcess& operator=(const PluginProcess&) = delete;

  // The first line of standard output, without its end; empty when there came none in 20 s or the process ended.
  std::string FirstLine();
  // The exit code; -N for signal N; empty when the process has not ended within 20 s.
  std::optional<int> WaitForExit();
  // All of standard error, once it is closed.
  std::string StandardError();
  void Signal(int signal) const;
  int pid() const { return pid_; }

 private:
  const TemporaryFolder folder_;
  int pid_ = -1;
  bool reaped_ = false;
  int out_ = -1;
  int err_ = -1;
  std::string error_text_;
  std::thread error_reader_;
};

}  // namespace tests
