// SPDX-License-Identifier: MPL-2.0
#include "tests/support/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "base/environment.h"
#include "base/text.h"

extern char** environ;

namespace tests {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

bool IsInstalled(const std::string& program) {
  for (const std::string& folder : base::Split(base::Environment("PATH").value_or("/usr/bin:/bin"), ':')) {
    if (access(base::Cat(folder, '/', program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

ChildProcess::ChildProcess(std::vector<std::string> command, std::vector<std::string> environment) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pipe_ = ends[0];
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  const int failed =
      posix_spawnp(&pid_, command[0].c_str(), &actions, nullptr, Pointers(command).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed != 0) throw std::runtime_error("cannot start " + command[0]);
  reader_ = std::thread([this] {
    char bytes[4096];
    for (;;) {
      const ssize_t count = read(pipe_, bytes, sizeof bytes);
      std::lock_guard lock(mutex_);
      if (count <= 0) ended_ = true;
      if (count > 0) output_.append(bytes, static_cast<std::size_t>(count));
      changed_.notify_all();
      if (ended_) return;
    }
  });
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (reader_.joinable()) reader_.join();
  close(pipe_);
}

bool ChildProcess::WaitForOutput(const std::string& text, std::chrono::seconds limit) {
  std::unique_lock lock(mutex_);
  const auto found = [&] { return output_.find(text) != std::string::npos; };
  changed_.wait_for(lock, limit, [&] { return ended_ || found(); });
  return found();
}

int ChildProcess::Join() {
  reader_.join();  // the output ends when the program does
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string ChildProcess::output() const {
  std::lock_guard lock(mutex_);
  return output_;
}

}  // namespace tests
