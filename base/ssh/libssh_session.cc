// SPDX-License-Identifier: MPL-2.0
#include "base/ssh/libssh_session.h"

#include <array>
#include <vector>

#include "base/os/open_flags.h"
#include "base/ssh/posix_rename.h"
#include "base/text.h"

namespace base::ssh {
namespace {

constexpr std::uint64_t kLargestFile = 4 * 1024 * 1024;
constexpr std::size_t kChunk = 16 * 1024;  // what every server takes in one packet
constexpr std::size_t kMostOutput = 64 * 1024;
constexpr int kTickMilliseconds = 20;
constexpr unsigned kOnlyOwner = 0600;
constexpr unsigned kFolderMode = 0755;

ErrorKind KindOf(int sftp_error) {
  switch (sftp_error) {
    case SSH_FX_NO_SUCH_FILE:
    case SSH_FX_NO_SUCH_PATH:
      return ErrorKind::kNotFound;
    case SSH_FX_PERMISSION_DENIED:
    case SSH_FX_WRITE_PROTECT:
      return ErrorKind::kDenied;
    case SSH_FX_FILE_ALREADY_EXISTS:
      return ErrorKind::kConflict;
    default:
      return ErrorKind::kUnavailable;
  }
}

struct FreeAttributes {
  void operator()(sftp_attributes attributes) const { sftp_attributes_free(attributes); }
};
using Attributes = std::unique_ptr<sftp_attributes_struct, FreeAttributes>;

struct FreeChannel {
  void operator()(ssh_channel channel) const {
    ssh_channel_close(channel);
    ssh_channel_free(channel);
  }
};
using Channel = std::unique_ptr<ssh_channel_struct, FreeChannel>;

// What came meanwhile; false after an error.
bool Drain(ssh_channel channel, bool of_errors, std::string& text) {
  std::array<char, 4096> buffer;
  const int count = ssh_channel_read_timeout(channel, buffer.data(), buffer.size(), of_errors ? 1 : 0, kTickMilliseconds);
  if (count > 0) text.append(buffer.data(), std::min(kMostOutput - text.size(), static_cast<std::size_t>(count)));
  return count >= 0 || count == SSH_AGAIN;
}

}  // namespace

LibsshSession::~LibsshSession() {
  if (sftp_ != nullptr) sftp_free(sftp_);
  session_.reset();
  socket_.Close();
}

Result<void> LibsshSession::StartSftp(const Call& call) {
  if (sftp_ != nullptr) return {};
  sftp_ = sftp_new(session_.get());
  if (sftp_ != nullptr && sftp_init(sftp_) == SSH_OK) return {};
  Error error = Failure(call, "starting SFTP", "");
  if (sftp_ != nullptr) sftp_free(sftp_);
  sftp_ = nullptr;
  return error;
}

Error LibsshSession::Failure(const Call& call, std::string_view doing, const std::string& path) {
  const int code = sftp_ == nullptr ? SSH_FX_OK : sftp_get_error(sftp_);
  broken_ = broken_ || ssh_is_connected(session_.get()) == 0 || code == SSH_FX_CONNECTION_LOST || code == SSH_FX_NO_CONNECTION;
  if (auto fine = call.Check(); !fine) {
    broken_ = true;
    return std::move(fine).error();
  }
  const std::string where = path.empty() ? "" : Cat(" ", Printable(path, 300));
  const std::string said = Printable(ssh_get_error(session_.get()), 300);
  return Error{broken_ ? ErrorKind::kUnavailable : KindOf(code), Cat(doing, where, " failed: ", said)};
}

Result<std::optional<RemoteFile>> LibsshSession::Find(const Call& call, const std::string& path) {
  const Watch watch(call, socket_);
  if (auto started = StartSftp(call); !started) return std::move(started).error();
  const Attributes found(sftp_lstat(sftp_, path.c_str()));
  if (!found) {
    Error error = Failure(call, "looking at", path);
    if (error.kind == ErrorKind::kNotFound) return std::optional<RemoteFile>();
    return error;
  }
  RemoteFile file{.regular = found->type == SSH_FILEXFER_TYPE_REGULAR};
  if (!file.regular) return std::optional(std::move(file));
  file.mode = found->permissions & 07777;
  file.content = ReadContent(path, found->size);
  if (auto fine = call.Check(); !fine) return Failure(call, "reading", path);
  return std::optional(std::move(file));
}

Result<std::vector<std::string>> LibsshSession::List(const Call& call, const std::string& path) {
  const Watch watch(call, socket_);
  if (auto started = StartSftp(call); !started) return std::move(started).error();
  sftp_dir folder = sftp_opendir(sftp_, path.c_str());
  if (folder == nullptr) {
    Error error = Failure(call, "listing", path);
    if (error.kind == ErrorKind::kNotFound) return std::vector<std::string>();
    return error;
  }
  std::vector<std::string> names;
  while (const Attributes entry{sftp_readdir(sftp_, folder)}) names.emplace_back(entry->name);
  const bool is_whole = sftp_dir_eof(folder) != 0;
  sftp_closedir(folder);
  if (!is_whole) return Failure(call, "listing", path);
  return names;
}

std::optional<Secret> LibsshSession::ReadContent(const std::string& path, std::uint64_t size) {
  if (size > kLargestFile) return std::nullopt;
  sftp_file file = sftp_open(sftp_, path.c_str(), os::kOpenToRead, 0);
  if (file == nullptr) return std::nullopt;
  std::string text(size, '\0');  // no copy is left behind by growing
  std::size_t filled = 0;
  ssize_t count = 0;
  while (filled < size && (count = sftp_read(file, text.data() + filled, std::min(kChunk, size - filled))) > 0) {
    filled += static_cast<std::size_t>(count);
  }
  sftp_close(file);
  Secret content(std::move(text));
  return filled == size ? std::optional(std::move(content)) : std::nullopt;
}

bool LibsshSession::WriteContent(sftp_file file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = sftp_write(file, content.data(), std::min(kChunk, content.size()));
    if (count <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  const bool can_flush = sftp_extension_supported(sftp_, "fsync@openssh.com", "1") != 0;
  return !can_flush || sftp_fsync(file) == 0;
}

Result<void> LibsshSession::Create(const Call& call, const std::string& path, const Secret& content, std::uint32_t mode) {
  const Watch watch(call, socket_);
  if (auto started = StartSftp(call); !started) return started;
  sftp_file file = sftp_open(sftp_, path.c_str(), os::kOpenNewFile, kOnlyOwner);
  if (file == nullptr) return Failure(call, "creating", path);
  const bool written = WriteContent(file, content.Reveal());
  const bool closed = sftp_close(file) == SSH_OK;
  // The server's umask does not count.
  if (!written || !closed || sftp_chmod(sftp_, path.c_str(), mode) != 0) {
    Error error = Failure(call, "writing", path);
    sftp_unlink(sftp_, path.c_str());
    return error;
  }
  return {};
}

Result<void> LibsshSession::Replace(const Call& call, const std::string& from, const std::string& to) {
  const Watch watch(call, socket_);
  if (auto started = StartSftp(call); !started) return started;
  if (sftp_extension_supported(sftp_, "posix-rename@openssh.com", "1") == 0) {
    return Error{ErrorKind::kInvalid, "the server cannot replace a file in one step (posix-rename@openssh.com)"};
  }
  const int status = PosixRename(sftp_, from, to);
  if (status == SSH_FX_OK) return {};
  // After that the two no longer agree on where a packet begins.
  broken_ = broken_ || status == SSH_FX_CONNECTION_LOST || status == SSH_FX_BAD_MESSAGE;
  if (auto fine = call.Check(); !fine) return Failure(call, "replacing", to);
  return Error{broken_ ? ErrorKind::kUnavailable : KindOf(status),
               Cat("replacing ", Printable(to, 300), " failed: the server answered SFTP status ", status)};
}

Result<void> LibsshSession::Remove(const Call& call, const std::string& path) {
  const Watch watch(call, socket_);
  if (auto started = StartSftp(call); !started) return started;
  if (sftp_unlink(sftp_, path.c_str()) == 0) return {};
  Error error = Failure(call, "removing", path);
  return error.kind == ErrorKind::kNotFound ? Result<void>() : error;
}

Result<void> LibsshSession::MakeFolders(const Call& call, const std::string& path) {
  const Watch watch(call, socket_);
  if (auto started = StartSftp(call); !started) return started;
  std::vector<std::string> missing;
  for (std::string folder = path; !folder.empty(); folder = folder.substr(0, folder.rfind('/'))) {
    const Attributes found(sftp_stat(sftp_, folder.c_str()));
    if (found && found->type == SSH_FILEXFER_TYPE_DIRECTORY) break;
    if (found) return Error{ErrorKind::kConflict, Cat(Printable(folder, 300), " exists and is no directory")};
    if (sftp_get_error(sftp_) != SSH_FX_NO_SUCH_FILE) return Failure(call, "looking at", folder);
    missing.push_back(folder);
  }
  for (; !missing.empty(); missing.pop_back()) {
    if (sftp_mkdir(sftp_, missing.back().c_str(), kFolderMode) != 0) return Failure(call, "making the directory", missing.back());
  }
  return {};
}

void LibsshSession::RemoveEmptyFolder(const Call& call, const std::string& path) {
  const Watch watch(call, socket_);
  if (StartSftp(call)) sftp_rmdir(sftp_, path.c_str());
}

Result<ProgramOutcome> LibsshSession::Run(const Call& call, const RemoteCommand& command) {
  const Watch watch(call, socket_);
  const Channel channel(ssh_channel_new(session_.get()));
  const bool started = channel && ssh_channel_open_session(channel.get()) == SSH_OK &&
                       ssh_channel_request_exec(channel.get(), command.line.c_str()) == SSH_OK;
  if (!started) return Failure(call, "starting a program", "");
  const auto size = static_cast<std::uint32_t>(command.input.size());
  if (size != 0 && ssh_channel_write(channel.get(), command.input.data(), size) != static_cast<int>(size)) {
    return Failure(call, "starting a program", "");
  }
  ssh_channel_send_eof(channel.get());
  return Follow(call, channel.get());
}

Result<ProgramOutcome> LibsshSession::Follow(const Call& call, ssh_channel channel) {
  ProgramOutcome finished;
  bool fine = true;
  while (fine && ssh_channel_is_eof(channel) == 0 && ssh_channel_is_open(channel) != 0) {
    fine = Drain(channel, false, finished.output) && Drain(channel, true, finished.errors) && call.Check().ok();
  }
  if (fine) fine = Drain(channel, false, finished.output) && Drain(channel, true, finished.errors);
  if (!fine || ssh_is_connected(session_.get()) == 0) return Failure(call, "running a program", "");
  // Waits for it. None came: a signal ended the program.
  const int code = ssh_channel_get_exit_status(channel);
  finished.exit_code = code < 0 ? 128 : code;
  return finished;
}

}  // namespace base::ssh
