// SPDX-License-Identifier: MPL-2.0
// DirectoryHandle: one folder of the machine, held open, and the regular files in it. Below the folder that a caller opened by
// path no symbolic link is followed, so that nobody who can write there sends a write elsewhere. POSIX.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/os/descriptor.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace base::os {

struct FileAttributes {
  std::uint32_t mode = 0600;             // permission bits
  std::optional<std::uint32_t> owner{};  // ids; empty: as the process makes it
  std::optional<std::uint32_t> group{};
};

struct FoundFile {
  bool regular = false;  // else a symbolic link, a directory, a device: nothing else is filled in
  std::uint32_t mode = 0;
  std::uint32_t owner = 0;
  std::uint32_t group = 0;
  std::optional<Secret> content{};  // empty: over 4 MiB, or the process may not read it
};

class StagedFile;

// The errors of all calls: kNotFound, kDenied, kConflict (something of another kind is in the place, or exists already),
// kUnavailable (disk full, input/output error). Each names the path.
class DirectoryHandle {
 public:
  enum class Missing { kRefuse, kCreate };

  // The folder at `path`, symbolic links followed. kCreate makes it and its parents with `mode`.
  static Result<DirectoryHandle> Open(const std::string& path, Missing missing, std::uint32_t mode = 0755);
  // The folder `name` in this one; a symbolic link is kConflict.
  Result<DirectoryHandle> OpenBelow(const std::string& name, Missing missing, std::uint32_t mode = 0755) const;

  // The names of all that is in it, sorted, hidden files and folders included.
  Result<std::vector<std::string>> List() const;
  // Empty when there is nothing of that name.
  Result<std::optional<FoundFile>> Find(const std::string& name) const;
  // The content on disk, to be published; without a name where the file system allows that, else under a temporary one. The
  // directory outlives it.
  Result<StagedFile> Stage(const std::string& name, std::string_view content, const FileAttributes& attributes,
                           Random& random) const;
  // Removes what Stage left under temporary names in processes that were killed.
  void RemoveAbandoned() const;
  // Makes an empty file of this name, or renews the time of its last change. Not flushed.
  Result<void> Touch(const std::string& name) const;
  // How long ago the file was changed last; negative when the clock was set back. Empty when there is none.
  std::optional<std::chrono::seconds> AgeOf(const std::string& name) const;
  // Already gone is success.
  Result<void> RemoveFile(const std::string& name) const;
  // True when the folder `name` was empty and is now gone.
  bool RemoveEmpty(const std::string& name) const;
  // Makes renames and removals durable.
  Result<void> Flush() const;

  std::string PathOf(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  friend class StagedFile;
  DirectoryHandle(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}
  Descriptor descriptor_;
  std::string path_;  // for messages
};

// A written file that waits to get its name; gone if it is not published.
class StagedFile {
 public:
  enum class InPlace { kReplace, kRefuse };

  StagedFile(StagedFile&& other) noexcept
      : directory_(other.directory_),
        file_(std::move(other.file_)),
        temporary_(std::exchange(other.temporary_, {})),
        has_temporary_name_(std::exchange(other.has_temporary_name_, false)),
        name_(std::move(other.name_)) {}
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  // Gives it its name in one step. kRefuse: kConflict when something is there.
  Result<void> Publish(InPlace in_place);
  const std::string& name() const { return name_; }

 private:
  friend class DirectoryHandle;
  StagedFile(const DirectoryHandle* directory, Descriptor file, std::string temporary, std::string name)
      : directory_(directory), file_(std::move(file)), temporary_(std::move(temporary)), name_(std::move(name)) {}
  Result<void> Replace();
  Result<void> PublishNew();

  const DirectoryHandle* directory_;  // borrowed; outlives this
  Descriptor file_;                   // locked, as a sign that this process lives
  std::string temporary_;             // the name that it has, or may get for a moment
  bool has_temporary_name_ = false;
  std::string name_;
};

}  // namespace base::os
