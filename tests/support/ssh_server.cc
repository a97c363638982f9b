// SPDX-License-Identifier: MPL-2.0
#include "tests/support/ssh_server.h"

#include <poll.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/environment.h"
#include "base/text.h"
#include "tests/support/free_port.h"

namespace tests {
namespace {

constexpr const char* kSshd = "/usr/sbin/sshd";
constexpr int kTickMilliseconds = 20;
constexpr int kMostTicks = 750;

}  // namespace

SshServer& SshServer::Shared() {
  static SshServer server;
  return server;
}

SshServer::SshServer() : port_(FreePort()), user_(getpwuid(geteuid())->pw_name) {
  if (access(kSshd, X_OK) != 0) {
    problem_ = "no sshd on this machine (Debian's openssh-server)";
    return;
  }
  MakeKeys();
  WriteFiles();
  dir_.Write("log", "");
  std::error_code ignored;
  if (geteuid() == 0) std::filesystem::create_directory("/run/sshd", ignored);  // as its service does
  // Not through our pipe: a session that outlives the server would keep it open.
  const std::string command =
      base::Cat("exec ", kSshd, " -D -E ", dir_ / "log", " -f ", dir_ / "sshd_config", " >/dev/null 2>&1");
  process_ = std::make_unique<ChildProcess>(std::vector<std::string>{"/bin/sh", "-c", command});
  const auto listens = [&] { return dir_.Read("log").find("Server listening") != std::string::npos; };
  for (int tick = 0; tick < kMostTicks && !listens(); ++tick) poll(nullptr, 0, kTickMilliseconds);
  if (!listens()) problem_ = "sshd did not start: " + dir_.Read("log");
}

void SshServer::MakeKeys() {
  for (const char* one : {"host:ed25519", "ed25519:ed25519", "rsa:rsa", "other:ed25519"}) {
    const auto parts = base::Split(one, ':');
    const std::string command = base::Cat("ssh-keygen -q -N '' -t ", parts[1], " -f ", dir_ / parts[0]);
    if (std::system(command.c_str()) != 0) problem_ = command + " failed";
  }
}

void SshServer::WriteFiles() {
  dir_.Write("authorized", dir_.Read("ed25519.pub") + dir_.Read("rsa.pub"));
  dir_.Write("known_hosts", base::Cat("[127.0.0.1]:", port_, " ", dir_.Read("host.pub")));
  const std::string hash = base::Cat("ssh-keygen -q -H -f ", dir_ / "known_hosts", " >/dev/null 2>&1");
  if (std::system(hash.c_str()) != 0) problem_ = hash + " failed";
  dir_.Write("sshd_config", base::Cat("Port ", port_, "\nListenAddress 127.0.0.1\nHostKey ", dir_ / "host",
                                      "\nPidFile none\nAuthorizedKeysFile ", dir_ / "authorized",
                                      "\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                                      "Subsystem sftp internal-sftp\nLogLevel INFO\nMaxStartups 100\n"));
}

std::string SshServer::host_key() const { return std::string(base::Trim(dir_.Read("host.pub"))); }

base::Secret SshServer::user_key(const std::string& type) const { return base::Secret(dir_.Read(type)); }

void RequireSshServer() {
  const std::string& problem = SshServer::Shared().problem();
  if (problem.empty()) return;
  if (base::Environment("CI")) FAIL() << problem;
  GTEST_SKIP() << problem;
}

}  // namespace tests
