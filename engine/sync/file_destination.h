// SPDX-License-Identifier: MPL-2.0
// A destination whose certificates are files on some machine. The vendor implements FileHost, which is file operations;
// FileDestination decides whose a file is, writes all files of a certificate or none, and keeps their mark beside them.
//
// A file is this sync's if the mark says so (file_mark.h). Without a mark, as earlier versions wrote them: if the state says that
// it was written under this name in this layout, or if it has the very bytes that are to be written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/key_locks.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/sync/destination.h"
#include "engine/sync/file_layout.h"
#include "engine/sync/file_mark.h"
#include "engine/sync/ownership.h"

namespace engine::sync {

struct HostFile {
  bool is_regular = true;  // else nothing else is filled in
  std::uint32_t mode = 0;
  std::optional<base::Secret> content{};  // empty: it is too long, or cannot be read
  std::string owner{};                    // and group: empty where the settings say nothing about them
  std::string group{};
};

// Decides the permissions.
enum class FileRole { kPublic, kPrivateKey };

// What is in the place of a file that is written.
enum class Occupied { kNo, kYes };

// A file that is on disk and waits for its name.
class StagedHostFile {
 public:
  virtual ~StagedHostFile() = default;
  // In one step. Where the machine can tell: kConflict if `occupied` is kNo and there is something by now.
  virtual base::Result<void> Publish(const base::Call& call, Occupied occupied) = 0;
  // Best effort; also after Publish, when it does nothing.
  virtual void Drop(const base::Call& call) = 0;
};

// One machine, used by one thread at a time. Paths are below the destination's directory: "team/web.key". Errors name the file.
class FileHost {
 public:
  virtual ~FileHost() = default;

  // As a user writes it: absolute, with the machine if that is another one.
  virtual std::string Describe(std::string_view path) const = 0;
  // Deployed::external_id.
  virtual std::string IdOf(std::string_view path) const = 0;
  // Empty when there is nothing.
  virtual base::Result<std::optional<HostFile>> Find(const base::Call& call, const std::string& path) = 0;
  // The folder that the path is in, and those above it.
  virtual base::Result<void> MakeFolders(const base::Call& call, const std::string& path) = 0;
  virtual base::Result<std::unique_ptr<StagedHostFile>> Stage(const base::Call& call, const std::string& path,
                                                              const base::Secret& content, FileRole role) = 0;
  // True if permissions and owner are as the settings say.
  virtual bool HasAttributes(const HostFile& file, FileRole role) const = 0;
  // Already gone is success.
  virtual base::Result<void> Remove(const base::Call& call, const std::string& path) = 0;
  // The folders above the path ("team" of "team/web"), innermost first, as long as they are empty.
  virtual void RemoveEmptyFolders(const base::Call& call, const std::string& path) = 0;
  // What runs that were killed left under temporary names of these files, which are in one folder.
  virtual void RemoveAbandoned(const base::Call& call, const std::vector<std::string>& paths) = 0;
  // Makes changes in the folder of the path durable.
  virtual base::Result<void> Flush(const base::Call&, const std::string&) { return {}; }
  // The program that the settings name for after a change; success when there is none.
  virtual base::Result<void> RunAfterChange(const base::Call& call) = 0;
  // The program that has to succeed after that, or the former files are put back.
  virtual bool HasHealthCheck() const = 0;
  virtual base::Result<void> RunHealthCheck(const base::Call& call) = 0;
};

struct FileOptions {
  FileLayout layout;
  std::optional<base::Secret> pkcs12_password{};
};

std::unique_ptr<Destination> MakeFileDestination(std::unique_ptr<FileHost> host, FileOptions options, const Setup& setup);

}  // namespace engine::sync
