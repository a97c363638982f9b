// SPDX-License-Identifier: MPL-2.0
// Debian's OpenSSH server on loopback, for the user who runs the tests, with keys of its own; stopped at the end of the program.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/secret.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace tests {

class SshServer {
 public:
  // One for the whole program. `problem()` says why it does not run; empty when it does.
  static SshServer& Shared();

  const std::string& problem() const { return problem_; }
  std::uint16_t port() const { return port_; }
  const std::string& user() const { return user_; }
  std::string host_key() const;                                    // "ssh-ed25519 AAAA… comment"
  base::Secret user_key(const std::string& type) const;            // "ed25519", "rsa": both may log in; "other" may not
  std::string KnownHosts() const { return dir_ / "known_hosts"; }  // with a hashed name

 private:
  SshServer();
  void MakeKeys();
  void WriteFiles();

  TempDir dir_;
  std::uint16_t port_ = 0;
  std::string user_;
  std::string problem_;
  std::unique_ptr<ChildProcess> process_;
};

// Tests that need the server: without OpenSSH they fail under CI, and say elsewhere that they were skipped.
void RequireSshServer();

}  // namespace tests
