// SPDX-License-Identifier: MPL-2.0
#include "base/os/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "base/environment.h"
#include "base/os/poll.h"
#include "base/os/posix/inheritance.h"
#include "base/os/posix/pipe.h"
#include "base/os/posix/system_error.h"
#include "base/text.h"

namespace base::os {
namespace {

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

  // `input` below 0: none.
  void Connect(int input, int output, int errors) {
    if (input < 0) {
      posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    } else {
      posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    }
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
    InheritStandardStreamsOnly(actions_);
  }
  // A group of its own, and no signal ignored or blocked.
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

// As exec takes them: it changes none of the texts.
std::vector<char*> Pointers(std::span<const std::string> texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

Error SpawnError(int code, const std::string& name) {
  if (code == ENOENT) return {ErrorKind::kNotFound, Cat("there is no program ", Printable(name, 200))};
  if (code == EACCES || code == ENOEXEC)
    return {ErrorKind::kDenied, Cat(Printable(name, 200), " cannot be run: ", SystemErrorText(code))};
  return {ErrorKind::kInternal, Cat("starting ", Printable(name, 200), " failed: ", SystemErrorText(code))};
}

}  // namespace

Result<ChildProcess> ChildProcess::Start(std::span<const std::string> arguments, std::span<const std::string> environment,
                                         Secret input) {
  auto handed = input.empty() ? Result<Pipe>(Pipe()) : MakePipe();
  if (!handed) return std::move(handed).error();
  if (!input.empty() && !SetNonBlocking(handed->writer.number())) {
    return Error{ErrorKind::kInternal, Cat("no pipe can be made: ", SystemErrorText(errno))};
  }
  auto output = MakePipe();
  if (!output) return std::move(output).error();
  auto errors = MakePipe();
  if (!errors) return std::move(errors).error();
  SpawnSettings settings;
  settings.Connect(handed->reader.number(), output->writer.number(), errors->writer.number());
  settings.Detach();
  pid_t process = -1;
  const int code = posix_spawnp(&process, arguments.front().c_str(), settings.actions(), settings.attributes(),
                                Pointers(arguments).data(), Pointers(environment).data());
  if (code != 0) return SpawnError(code, arguments.front());
  return ChildProcess(process, {std::move(handed->writer), std::move(output->reader), std::move(errors->reader)},
                      std::move(input));
}

ChildProcess::ChildProcess(int process, Streams streams, Secret input)
    : group_(process),
      process_(process),
      input_(std::move(input)),
      input_pipe_(std::move(streams.input)),
      output_(std::move(streams.output)),
      errors_(std::move(streams.errors)) {}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : group_(other.group_),
      process_(std::exchange(other.process_, -1)),
      input_(std::move(other.input_)),
      written_(other.written_),
      input_pipe_(std::move(other.input_pipe_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      status_(other.status_) {}

ChildProcess::~ChildProcess() {
  if (process_ < 0) return;
  Kill();
  waitpid(process_, nullptr, 0);
}

bool ChildProcess::HasEnded() {
  if (process_ > 0 && waitpid(process_, &status_, WNOHANG) == process_) process_ = -1;
  return process_ < 0;
}

bool ChildProcess::IsGroupRunning() const { return kill(-group_, 0) == 0; }

int ChildProcess::exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_); }

// A program that closes its stdin does not want the rest.
void ChildProcess::WriteInput() {
  const std::string_view rest = input_.Reveal().substr(written_);
  const ssize_t written = write(input_pipe_.number(), rest.data(), rest.size());
  if (written > 0) written_ += static_cast<std::size_t>(written);
  const bool is_later = written < 0 && (errno == EAGAIN || errno == EINTR);
  if (!is_later && (written <= 0 || written_ == input_.Reveal().size())) input_pipe_.Close();
}

bool ChildProcess::Exchange(std::chrono::milliseconds limit, std::string& output, std::string& errors) {
  std::array<Polled, 3> all{
      {{.number = output_.number()}, {.number = errors_.number()}, {.number = input_pipe_.number(), .awaits_writing = true}}};
  Poll(all, limit);
  if (all[2].is_ready) WriteInput();
  const auto take = [](const Polled& polled, Descriptor& reader, std::string& text) {
    if (!polled.is_ready) return false;
    const std::string chunk = ReadChunk(reader.number());
    if (chunk.empty()) reader.Close();
    text += chunk;
    return true;
  };
  const bool printed = take(all[0], output_, output);
  return take(all[1], errors_, errors) || printed;
}

void ChildProcess::Terminate() const { kill(-group_, SIGTERM); }

void ChildProcess::Kill() const { kill(-group_, SIGKILL); }

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

}  // namespace base::os
