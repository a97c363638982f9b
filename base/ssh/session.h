// SPDX-License-Identifier: MPL-2.0
// A session with an SSH server (RFC 4251 to 4254) over libssh: files by SFTP version 3, and programs. Nothing is taken from
// ~/.ssh, nor from an agent unless the target says so: a run depends on what it is given.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/process.h"
#include "base/result.h"
#include "base/secret.h"

namespace base::ssh {

struct Target {
  std::string host;
  std::uint16_t port = 22;
  std::string user;
  std::vector<std::string> host_keys{};  // "ssh-ed25519 AAAA…", one of which the server has to have
  std::string known_hosts_path{};        // instead: a known_hosts file
  Secret private_key{};                  // PEM or OpenSSH's own format
  Secret key_passphrase{};               // of an encrypted private_key
  bool use_agent = false;                // tries the keys of the agent at SSH_AUTH_SOCK, after private_key
  Secret password{};                     // tried when there is no key, or it was refused; also where the server asks by a dialog
};

struct RemoteFile {
  bool regular = false;  // else nothing else is filled in
  std::uint32_t mode = 0;
  std::optional<Secret> content{};  // empty: over 4 MiB, or it may not be read
};

struct RemoteCommand {
  std::string line;     // for the login shell, whichever that is
  std::string input{};  // all of the program's standard input
};

// For one thread at a time. Every call ends at once when its call is stopped or its deadline passes; the session is broken then,
// as after a lost connection. Errors of all calls: kUnavailable (the connection is lost), kCancelled, kTimeout, and of files
// kNotFound, kDenied, kConflict.
class Session {
 public:
  // Connects, verifies the host's key, then logs in. Errors: kNotFound (no such host), kUnavailable; kDenied, which
  // blames "host_key", "known_hosts_path", "private_key_pem", "use_agent" or "password" without a subject; kInvalid (the key is
  // unreadable).
  static Result<std::unique_ptr<Session>> Open(const Call& call, const Target& target);

  virtual ~Session() = default;
  virtual bool is_broken() const = 0;

  // Empty when there is nothing at the path. Symbolic links are not followed.
  virtual Result<std::optional<RemoteFile>> Find(const Call& call, const std::string& path) = 0;
  // The names of all that is in the folder, hidden ones too; empty when there is none.
  virtual Result<std::vector<std::string>> List(const Call& call, const std::string& path) = 0;
  // A new file, on disk when this returns. kConflict: there is one already.
  virtual Result<void> Create(const Call& call, const std::string& path, const Secret& content, std::uint32_t mode) = 0;
  // In one step over what is there (posix-rename@openssh.com). kInvalid when the server cannot.
  virtual Result<void> Replace(const Call& call, const std::string& from, const std::string& to) = 0;
  // Already gone is success.
  virtual Result<void> Remove(const Call& call, const std::string& path) = 0;
  // The folder and those above it, as far as they are missing.
  virtual Result<void> MakeFolders(const Call& call, const std::string& path) = 0;
  // As long as it is empty; anything else is no error.
  virtual void RemoveEmptyFolder(const Call& call, const std::string& path) = 0;
  // By the user's login shell. Another exit code than 0 is no error of this function.
  virtual Result<ProgramOutcome> Run(const Call& call, const RemoteCommand& command) = 0;
};

}  // namespace base::ssh
