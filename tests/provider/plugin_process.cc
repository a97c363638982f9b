// SPDX-License-Identifier: MPL-2.0
#include "tests/provider/plugin_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

#include "base/environment.h"
#include "tests/support/descriptor_limit.h"

namespace tests {
namespace {

constexpr int kPatienceMs = 20'000;

std::array<int, 2> MakePipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  return ends;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string ReadAll(int descriptor) {
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = read(descriptor, piece.data(), piece.size())) > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

PluginProcess::PluginProcess(const PluginSpec& spec) {
  const auto out = MakePipe();
  const auto err = MakePipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);

  std::vector<std::string> arguments = {spec.program};
  arguments.insert(arguments.end(), spec.arguments.begin(), spec.arguments.end());
  std::vector<std::string> environment;
  std::map<std::string, std::string> variables = spec.environment;
  variables.try_emplace("TMPDIR", folder_.path());
  for (const char* sanitizer : {"ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    if (auto options = base::Environment(sanitizer)) variables.try_emplace(sanitizer, *std::move(options));
  }
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  // The new process inherits the limit.
  std::optional<DescriptorLimit> limit;
  if (spec.descriptors) limit.emplace(*spec.descriptors);
  const int failure =
      posix_spawn(&pid_, spec.program.c_str(), &actions, nullptr, Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
  if (failure != 0) throw std::runtime_error("cannot start " + spec.program);
  error_reader_ = std::thread([this] { error_text_ = ReadAll(err_); });
}

PluginProcess::~PluginProcess() {
  if (!reaped_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (error_reader_.joinable()) error_reader_.join();
  close(out_);
  close(err_);
}

std::string PluginProcess::FirstLine() {
  std::string line;
  for (;;) {
    pollfd ready{out_, POLLIN, 0};
    char one = 0;
    if (poll(&ready, 1, kPatienceMs) <= 0 || read(out_, &one, 1) != 1) return {};
    if (one == '\n') return line;
    line.push_back(one);
  }
}

std::optional<int> PluginProcess::WaitForExit() {
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  pollfd ended{handle, POLLIN, 0};
  const int count = poll(&ended, 1, kPatienceMs);
  close(handle);
  if (count <= 0) return std::nullopt;
  int status = 0;
  waitpid(pid_, &status, 0);
  reaped_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string PluginProcess::StandardError() {
  if (error_reader_.joinable()) error_reader_.join();
  return error_text_;
}

void PluginProcess::Signal(int signal) const { kill(pid_, signal); }

}  // namespace tests
