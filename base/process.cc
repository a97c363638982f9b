// SPDX-License-Identifier: MPL-2.0
#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/environment.h"
#include "base/os/descriptor.h"
#include "base/os/this_process.h"
#include "base/text.h"

namespace base {
namespace {

constexpr std::size_t kMostOutput = 64 * 1024;
constexpr std::size_t kLongestLine = 300;
constexpr std::chrono::milliseconds kTick{20};
constexpr std::chrono::milliseconds kLastTick{1};  // a program that has closed its streams is about to end
constexpr std::chrono::seconds kGrace{2};

class Pipe {
 public:
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    writer_ = os::Descriptor(ends[1]);
    reader_ = os::Descriptor(ends[0]);
  }
  bool ok() const { return reader_.is_open() && writer_.is_open(); }
  int reader() const { return reader_.number(); }
  int writer() const { return writer_.number(); }
  void CloseReader() { reader_.Close(); }
  void CloseWriter() { writer_.Close(); }

 private:
  os::Descriptor reader_;
  os::Descriptor writer_;
};

class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  void Connect(int output, int errors) {
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
  }
  // A group of its own, so that Ctrl-C in the terminal reaches it through this process alone; and no signal ignored or blocked.
  void Detach() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// "NAME=value" of this process, without what is withheld, and of the program over them.
class EnvironmentBlock {
 public:
  explicit EnvironmentBlock(const Program& program) {
    for (const std::string& entry : os::EnvironmentEntries()) {
      const std::string name = entry.substr(0, entry.find('='));
      const bool is_withheld = std::find(program.withheld.begin(), program.withheld.end(), name) != program.withheld.end();
      if (!is_withheld && !program.environment.contains(name)) entries_.push_back(entry);
    }
    for (const auto& [name, value] : program.environment) entries_.push_back(Cat(name, "=", value.Reveal()));
    for (std::string& entry : entries_) pointers_.push_back(entry.data());
    pointers_.push_back(nullptr);
  }
  EnvironmentBlock(const EnvironmentBlock&) = delete;
  EnvironmentBlock& operator=(const EnvironmentBlock&) = delete;
  ~EnvironmentBlock() {
    for (std::string& entry : entries_) Wipe(entry);
  }
  char* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::string> entries_;
  std::vector<char*> pointers_;
};

Error SpawnError(int code, const std::string& name) {
  if (code == ENOENT) return {ErrorKind::kNotFound, Cat("there is no program ", Printable(name, 200))};
  if (code == EACCES || code == ENOEXEC)
    return {ErrorKind::kDenied, Cat(Printable(name, 200), " cannot be run: ", std::strerror(code))};
  return {ErrorKind::kInternal, Cat("starting ", Printable(name, 200), " failed: ", std::strerror(code))};
}

// Takes what is there; false at the end of the stream.
bool Drain(int reader, std::string& text) {
  std::array<char, 4096> buffer;
  const ssize_t count = read(reader, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  const std::size_t room = kMostOutput - text.size();
  text.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
  return count > 0;
}

// One started program: it is waited for, or ended, before this goes away.
class Child {
 public:
  Child(pid_t pid, Pipe& output, Pipe& errors) : group_(pid), pid_(pid), output_(output), errors_(errors) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ < 0) return;
    kill(-group_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  Result<Finished> Follow(const Call& call) {
    Result<void> fine = call.Check();
    while (fine && !HasEnded()) {
      Read();
      fine = call.Check();
    }
    if (!fine) {
      End();
      return std::move(fine).error();
    }
    // What it wrote last. A program that it left running may hold the pipes open: their end is not waited for.
    while (IsOpen() && Read()) {
    }
    const int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
    return Finished{.exit_code = code, .output = std::move(finished_.output), .errors = std::move(finished_.errors)};
  }

 private:
  bool HasEnded() {
    if (pid_ > 0 && waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = -1;
    return pid_ < 0;
  }

  bool IsOpen() const { return output_.reader() >= 0 || errors_.reader() >= 0; }

  // Waits a tick for output; true when there was some.
  bool Read() {
    const auto tick = IsOpen() ? kTick : kLastTick;
    std::array<pollfd, 2> both{pollfd{output_.reader(), POLLIN, 0}, pollfd{errors_.reader(), POLLIN, 0}};
    if (poll(both.data(), both.size(), static_cast<int>(tick.count())) <= 0) return false;
    if (both[0].revents != 0 && !Drain(output_.reader(), finished_.output)) output_.CloseReader();
    if (both[1].revents != 0 && !Drain(errors_.reader(), finished_.errors)) errors_.CloseReader();
    return true;
  }

  // The programs that it has started go too, also when it went first.
  void End() {
    kill(-group_, SIGTERM);
    const TimePoint until = RealClock().Now() + kGrace;
    while ((!HasEnded() || kill(-group_, 0) == 0) && RealClock().Now() < until) Read();
    kill(-group_, SIGKILL);
  }

  const pid_t group_;
  pid_t pid_;  // -1 once it has ended
  Pipe& output_;
  Pipe& errors_;
  int status_ = 0;
  Finished finished_;
};

}  // namespace

Result<Finished> RunProgram(const Call& call, const Program& program) {
  if (program.arguments.empty() || program.arguments.front().empty()) return Error{ErrorKind::kInvalid, "no program is named"};
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  Pipe output;
  Pipe errors;
  if (!output.ok() || !errors.ok()) return Error{ErrorKind::kInternal, Cat("no pipe could be made: ", std::strerror(errno))};
  SpawnSettings settings;
  settings.Connect(output.writer(), errors.writer());
  settings.Detach();
  std::vector<std::string> copies = program.arguments;
  std::vector<char*> arguments;
  for (std::string& one : copies) arguments.push_back(one.data());
  arguments.push_back(nullptr);
  const EnvironmentBlock environment(program);
  pid_t pid = -1;
  const int code =
      posix_spawnp(&pid, arguments.front(), settings.actions(), settings.attributes(), arguments.data(), environment.data());
  if (code != 0) return SpawnError(code, program.arguments.front());
  output.CloseWriter();
  errors.CloseWriter();
  return Child(pid, output, errors).Follow(call);
}

std::vector<std::string> LastLines(std::string_view output, std::size_t count) {
  std::vector<std::string> lines = Split(output, '\n');
  std::erase_if(lines, [](const std::string& line) { return Trim(line).empty(); });
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  for (std::string& line : lines) line = Printable(Trim(line), kLongestLine);
  return lines;
}

Result<void> CheckProgram(const std::string& program) {
  std::vector<std::string> folders{""};
  if (program.find('/') == std::string::npos) folders = Split(Environment("PATH").value_or("/bin:/usr/bin"), ':');
  int code = ENOENT;
  for (const std::string& folder : folders) {
    const std::string path = folder.empty() ? program : Cat(folder, "/", program);
    struct stat about {};
    if (stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) continue;
    if (access(path.c_str(), X_OK) == 0) return {};
    code = errno;
  }
  return SpawnError(code, program);
}

}  // namespace base
