// SPDX-License-Identifier: MPL-2.0
// Session over libssh's handles. How it logs in is in session.cc, what it does with files in libssh_session.cc.
#pragma once

#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <memory>

#include "base/ssh/dial.h"
#include "base/ssh/session.h"

namespace base::ssh {

struct FreeSession {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
};
using SessionHandle = std::unique_ptr<ssh_session_struct, FreeSession>;

class LibsshSession final : public Session {
 public:
  // A session that is logged in, and its socket, which belongs to it.
  LibsshSession(SessionHandle session, os::Socket socket) : session_(std::move(session)), socket_(std::move(socket)) {}
  LibsshSession(const LibsshSession&) = delete;
  LibsshSession& operator=(const LibsshSession&) = delete;
  ~LibsshSession() override;

  const os::Socket& socket() const { return socket_; }
  bool is_broken() const override { return broken_; }
  Result<std::optional<RemoteFile>> Find(const Call& call, const std::string& path) override;
  Result<std::vector<std::string>> List(const Call& call, const std::string& path) override;
  Result<void> Create(const Call& call, const std::string& path, const Secret& content, std::uint32_t mode) override;
  Result<void> Replace(const Call& call, const std::string& from, const std::string& to) override;
  Result<void> Remove(const Call& call, const std::string& path) override;
  Result<void> MakeFolders(const Call& call, const std::string& path) override;
  void RemoveEmptyFolder(const Call& call, const std::string& path) override;
  Result<ProgramOutcome> Run(const Call& call, const RemoteCommand& command) override;

 private:
  Result<void> StartSftp(const Call& call);
  // What went wrong, after a function of libssh failed.
  Error Failure(const Call& call, std::string_view doing, const std::string& path);
  std::optional<Secret> ReadContent(const std::string& path, std::uint64_t size);
  bool WriteContent(sftp_file file, std::string_view content);
  Result<ProgramOutcome> Follow(const Call& call, ssh_channel channel);

  SessionHandle session_;
  os::Socket socket_;
  sftp_session sftp_ = nullptr;
  bool broken_ = false;
};

}  // namespace base::ssh
