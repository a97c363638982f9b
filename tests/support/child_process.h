// SPDX-License-Identifier: MPL-2.0
// A program that a test starts and stops, and what it has printed so far.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tests {

// True when a program of that name is on PATH.
bool IsInstalled(const std::string& program);

class ChildProcess {
 public:
  // `environment`: "NAME=value" entries besides the test's own.
  ChildProcess(std::vector<std::string> command, std::vector<std::string> environment = {});
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();  // kills it when it still runs

  // False when the output ended, or `limit` passed, before the text came.
  bool WaitForOutput(const std::string& text, std::chrono::seconds limit = std::chrono::seconds(15));
  // The exit code; -1 when a signal ended it.
  int Join();
  // Both stdout and stderr.
  std::string output() const;

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;  // guarded by mutex_
  bool ended_ = false;  // guarded by mutex_
  std::thread reader_;
};

}  // namespace tests
