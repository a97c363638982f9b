// SPDX-License-Identifier: MPL-2.0
#include "base/os/directory_handle.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>

#include "base/encoding.h"
#include "base/os/posix/rename.h"
#include "base/os/posix/system_error.h"
#include "base/os/posix/unnamed_file.h"
#include "base/text.h"

namespace base::os {
namespace {

constexpr std::size_t kMaxContent = 4 << 20;
constexpr std::uint32_t kPermissions = 07777;
constexpr std::size_t kTemporaryDigits = 32;
constexpr std::string_view kTemporarySuffix = ".tmp";

ErrorKind KindOf(int code) {
  switch (code) {
    case ENOENT:
      return ErrorKind::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorKind::kDenied;
    case EEXIST:
    case EISDIR:
    case ELOOP:
    case ENOTDIR:
      return ErrorKind::kConflict;
    default:
      return ErrorKind::kUnavailable;
  }
}

// From errno, so to be called first after the failure.
Error Failure(std::string_view what, const std::string& path) {
  const int code = errno;
  return Error{KindOf(code), Cat("cannot ", what, ' ', path, ": ", SystemErrorText(code))};
}

// ".<name>.<32 hex digits>.tmp"
bool IsTemporary(std::string_view name) {
  if (!name.starts_with('.') || !name.ends_with(kTemporarySuffix)) return false;
  name.remove_suffix(kTemporarySuffix.size());
  const auto dot = name.rfind('.');
  const std::string_view digits = name.substr(dot + 1);
  return dot > 1 && digits.size() == kTemporaryDigits && digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Empty when it cannot be read or is too long.
std::optional<Secret> ReadAll(int descriptor) {
  std::string content;
  char part[8192];
  for (;;) {
    const ssize_t got = read(descriptor, part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got > 0) content.append(part, static_cast<std::size_t>(got));
    if (got == 0 && content.size() <= kMaxContent) return Secret(std::move(content));
    if (got <= 0 || content.size() > kMaxContent) break;
  }
  Wipe(content);
  return std::nullopt;
}

// Owner before mode: chown clears the set-id bits, and nobody else may read in between.
bool SetAttributes(int descriptor, const FileAttributes& attributes) {
  const auto unchanged = static_cast<std::uint32_t>(-1);
  const bool own = attributes.owner || attributes.group;
  if (own && fchown(descriptor, attributes.owner.value_or(unchanged), attributes.group.value_or(unchanged)) != 0) return false;
  return fchmod(descriptor, attributes.mode) == 0;
}

// mkdirat with a mode that the umask does not narrow. True also when something is there already.
bool MakeFolder(int parent, const std::string& name, std::uint32_t mode) {
  if (mkdirat(parent, name.c_str(), mode) != 0) return errno == EEXIST;
  return fchmodat(parent, name.c_str(), mode, 0) == 0;
}

// The folder's parents and the folder itself; a failure shows when it is opened.
void MakeFolders(const std::string& path, std::uint32_t mode) {
  for (auto end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    MakeFolder(AT_FDCWD, path.substr(0, end), mode);
  }
  MakeFolder(AT_FDCWD, path, mode);
}

}  // namespace

Result<DirectoryHandle> DirectoryHandle::Open(const std::string& path, Missing missing, std::uint32_t mode) {
  if (missing == Missing::kCreate) MakeFolders(path, mode);
  Descriptor opened(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) return Failure("open the directory", path);
  return DirectoryHandle(std::move(opened), path);
}

Result<DirectoryHandle> DirectoryHandle::OpenBelow(const std::string& name, Missing missing, std::uint32_t mode) const {
  if (missing == Missing::kCreate && !MakeFolder(descriptor_.number(), name, mode))
    return Failure("make the directory", PathOf(name));
  Descriptor opened(openat(descriptor_.number(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!opened.is_open()) return Failure("open the directory", PathOf(name));
  return DirectoryHandle(std::move(opened), PathOf(name));
}

Result<std::vector<std::string>> DirectoryHandle::List() const {
  // The stream gets a descriptor of its own: it moves the place where reading goes on, and closes it.
  Descriptor own(openat(descriptor_.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  DIR* const stream = !own.is_open() ? nullptr : fdopendir(own.number());
  if (stream == nullptr) return Failure("list", path_);
  (void)own.Release();
  std::vector<std::string> names;
  while (const dirent* entry = readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  closedir(stream);
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::optional<FoundFile>> DirectoryHandle::Find(const std::string& name) const {
  struct stat status {};
  if (fstatat(descriptor_.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::optional<FoundFile>();
    return Failure("look at", PathOf(name));
  }
  FoundFile found;
  found.regular = S_ISREG(status.st_mode);
  if (!found.regular) return std::optional(std::move(found));
  found.mode = status.st_mode & kPermissions;
  found.owner = status.st_uid;
  found.group = status.st_gid;
  // O_NONBLOCK: a pipe that took the file's place since must not block.
  const Descriptor opened(openat(descriptor_.number(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (opened.is_open()) found.content = ReadAll(opened.number());
  return std::optional(std::move(found));
}

Result<StagedFile> DirectoryHandle::Stage(const std::string& name, std::string_view content, const FileAttributes& attributes,
                                          Random& random) const {
  const std::string temporary = Cat(".", name, ".", Hex(random.Bytes(kTemporaryDigits / 2)), kTemporarySuffix);
  StagedFile staged(this, OpenUnnamedFile(descriptor_.number()), temporary, name);
  if (!staged.file_.is_open()) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    staged.file_ = Descriptor(openat(descriptor_.number(), temporary.c_str(), flags, 0600));
    if (!staged.file_.is_open()) return Failure("make a file beside", PathOf(name));
    staged.has_temporary_name_ = true;
  }
  const int file = staged.file_.number();
  (void)flock(file, LOCK_EX | LOCK_NB);
  if (!WriteAll(file, content)) return Failure("write", PathOf(name));
  if (!SetAttributes(file, attributes)) return Failure("set owner and mode of", PathOf(name));
  if (fsync(file) != 0) return Failure("write", PathOf(name));
  return staged;
}

void DirectoryHandle::RemoveAbandoned() const {
  const auto names = List();
  if (!names) return;
  for (const std::string& name : *names) {
    if (!IsTemporary(name)) continue;
    const Descriptor file(openat(descriptor_.number(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.is_open() && flock(file.number(), LOCK_EX | LOCK_NB) == 0) unlinkat(descriptor_.number(), name.c_str(), 0);
  }
}

Result<void> DirectoryHandle::Touch(const std::string& name) const {
  const Descriptor opened(
      openat(descriptor_.number(), name.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  if (!opened.is_open()) return Failure("make", PathOf(name));
  if (futimens(opened.number(), nullptr) != 0) return Failure("set the time of", PathOf(name));
  return {};
}

std::optional<std::chrono::seconds> DirectoryHandle::AgeOf(const std::string& name) const {
  struct stat status {};
  if (fstatat(descriptor_.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return std::chrono::seconds(time(nullptr) - status.st_mtime);
}

Result<void> DirectoryHandle::RemoveFile(const std::string& name) const {
  if (unlinkat(descriptor_.number(), name.c_str(), 0) == 0 || errno == ENOENT) return {};
  return Failure("remove", PathOf(name));
}

bool DirectoryHandle::RemoveEmpty(const std::string& name) const {
  return unlinkat(descriptor_.number(), name.c_str(), AT_REMOVEDIR) == 0;
}

Result<void> DirectoryHandle::Flush() const {
  // EINVAL: the file system has no way to do it for directories (fsync(2)).
  if (fsync(descriptor_.number()) == 0 || errno == EINVAL) return {};
  return Failure("flush the directory", path_);
}

StagedFile::~StagedFile() {
  if (has_temporary_name_) unlinkat(directory_->descriptor_.number(), temporary_.c_str(), 0);
}

Result<void> StagedFile::Publish(InPlace in_place) {
  auto published = in_place == InPlace::kReplace ? Replace() : PublishNew();
  if (published) file_ = Descriptor();
  return published;
}

// A rename needs a name: for that moment, a kill leaves it, and RemoveAbandoned removes it.
Result<void> StagedFile::Replace() {
  const int folder = directory_->descriptor_.number();
  if (!has_temporary_name_) has_temporary_name_ = NameFile(file_.number(), folder, temporary_);
  if (!has_temporary_name_ || renameat(folder, temporary_.c_str(), folder, name_.c_str()) != 0) {
    return Failure("write", directory_->PathOf(name_));
  }
  has_temporary_name_ = false;
  return {};
}

Result<void> StagedFile::PublishNew() {
  const int folder = directory_->descriptor_.number();
  const bool is_unnamed = !has_temporary_name_;
  if (is_unnamed && NameFile(file_.number(), folder, name_)) return {};
  if (!is_unnamed && RenameWithoutReplacing(folder, temporary_, name_)) {
    has_temporary_name_ = false;
    return {};
  }
  // NFS and others do not support it. A link never takes another file's place either, but leaves the temporary name.
  const bool is_unsupported = !is_unnamed && errno == EINVAL;
  if (is_unsupported && linkat(folder, temporary_.c_str(), folder, name_.c_str(), 0) == 0) return {};
  return Failure("write", directory_->PathOf(name_));
}

}  // namespace base::os
