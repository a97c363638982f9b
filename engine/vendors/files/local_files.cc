// SPDX-License-Identifier: MPL-2.0
// local_files: certificates as files in a directory of the machine that runs Terraform.
#include <chrono>
#include <utility>

#include "base/os/directory_handle.h"
#include "base/text.h"
#include "engine/sync/after_change.h"
#include "engine/sync/file_destination.h"
#include "engine/sync/file_placement.h"
#include "engine/vendors/files/options.h"
#include "engine/vendors/files/vendor.h"

namespace engine::vendors::files {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::Secret;
using base::os::DirectoryHandle;
using base::os::FileAttributes;
using base::os::StagedFile;
using sync::FileRole;
using sync::HostFile;
using sync::Occupied;

// "team/web.key" is the file "web.key" in the folder "team".
struct Place {
  DirectoryHandle folder;
  std::string file;
};

class StagedLocalFile final : public sync::StagedHostFile {
 public:
  StagedLocalFile(std::unique_ptr<DirectoryHandle> folder, StagedFile file)
      : folder_(std::move(folder)), file_(std::move(file)) {}

  Result<void> Publish(const Call&, Occupied occupied) override {
    return file_->Publish(occupied == Occupied::kYes ? StagedFile::InPlace::kReplace : StagedFile::InPlace::kRefuse);
  }
  void Drop(const Call&) override { file_.reset(); }

 private:
  std::unique_ptr<DirectoryHandle> folder_;  // before file_, which borrows it
  std::optional<StagedFile> file_;
};

class LocalFileHost final : public sync::FileHost {
 public:
  LocalFileHost(Options options, const connections::Deps& deps)
      : options_(std::move(options)),
        random_(*deps.random),
        allow_exec_(deps.allow_exec),
        holds_sealing_key_(deps.holds_sealing_key) {}

  std::string Describe(std::string_view path) const override { return IdOf(path); }
  std::string IdOf(std::string_view path) const override { return base::Cat(options_.directory, "/", path); }

  Result<std::optional<HostFile>> Find(const Call&, const std::string& path) override {
    const auto place = Locate(path, DirectoryHandle::Missing::kRefuse);
    if (!place && place.error().kind == ErrorKind::kNotFound) return std::optional<HostFile>();
    if (!place) return place.error();
    auto found = place->folder.Find(place->file);
    if (!found) return std::move(found).error();
    if (!*found) return std::optional<HostFile>();
    return std::optional(HostFile{.is_regular = (*found)->regular,
                                  .mode = (*found)->mode,
                                  .content = std::move((*found)->content),
                                  .owner = options_.owner.empty() ? "" : std::to_string((*found)->owner),
                                  .group = options_.group.empty() ? "" : std::to_string((*found)->group)});
  }

  Result<void> MakeFolders(const Call&, const std::string& path) override {
    const auto place = Locate(path, DirectoryHandle::Missing::kCreate);
    return place ? Result<void>() : place.error();
  }

  Result<std::unique_ptr<sync::StagedHostFile>> Stage(const Call&, const std::string& path, const Secret& content,
                                                      FileRole role) override {
    const auto ids = ResolveIds(options_);
    if (!ids) return ids.error();
    auto place = Locate(path, DirectoryHandle::Missing::kRefuse);
    if (!place) return std::move(place).error();
    auto folder = std::make_unique<DirectoryHandle>(std::move(place->folder));
    const FileAttributes attributes{.mode = ModeOf(role), .owner = ids->owner, .group = ids->group};
    auto staged = folder->Stage(place->file, content.Reveal(), attributes, random_);
    if (!staged) return std::move(staged).error();
    return std::unique_ptr<sync::StagedHostFile>(std::make_unique<StagedLocalFile>(std::move(folder), *std::move(staged)));
  }

  bool HasAttributes(const HostFile& file, FileRole role) const override {
    const auto ids = ResolveIds(options_);
    const auto fits = [](const std::optional<std::uint32_t>& wanted, const std::string& id) {
      return !wanted || id == std::to_string(*wanted);
    };
    return ids && file.mode == ModeOf(role) && fits(ids->owner, file.owner) && fits(ids->group, file.group);
  }

  Result<void> Remove(const Call&, const std::string& path) override {
    const auto place = Locate(path, DirectoryHandle::Missing::kRefuse);
    if (!place) return place.error().kind == ErrorKind::kNotFound ? Result<void>() : place.error();
    return place->folder.RemoveFile(place->file);
  }

  void RemoveEmptyFolders(const Call&, const std::string& path) override {
    for (std::string folder = path; folder.find('/') != std::string::npos;) {
      folder = folder.substr(0, folder.rfind('/'));
      const auto place = Locate(folder, DirectoryHandle::Missing::kRefuse);
      if (!place || !place->folder.RemoveEmpty(place->file)) return;
    }
  }

  // All that is in the folder: a killed process has let go of what it left.
  void RemoveAbandoned(const Call&, const std::vector<std::string>& paths) override {
    if (const auto place = Locate(paths.front(), DirectoryHandle::Missing::kRefuse)) place->folder.RemoveAbandoned();
  }

  Result<void> Flush(const Call&, const std::string& path) override {
    const auto place = Locate(path, DirectoryHandle::Missing::kRefuse);
    if (!place) return place.error().kind == ErrorKind::kNotFound ? Result<void>() : place.error();
    return place->folder.Flush();
  }

  Result<void> RunAfterChange(const Call& call) override { return RunProgram(call, sync::kAfterChange, options_.after_change); }
  bool HasHealthCheck() const override { return !options_.health_check.arguments.empty(); }
  Result<void> RunHealthCheck(const Call& call) override { return RunProgram(call, sync::kHealthCheck, options_.health_check); }

 private:
  Result<void> RunProgram(const Call& call, std::string_view field, const connections::UserProgram& program) const {
    if (program.arguments.empty()) return {};
    if (!allow_exec_) {
      return Error{ErrorKind::kDenied, base::Cat(field, " may not run a program: the provider's allow_exec is not true")};
    }
    return sync::RunChangeProgram(call, field, program, holds_sealing_key_);
  }

  std::uint32_t ModeOf(FileRole role) const {
    return role == FileRole::kPrivateKey ? options_.private_key_mode : options_.certificate_mode;
  }

  Result<Place> Locate(std::string_view path, DirectoryHandle::Missing missing) const {
    auto folder = DirectoryHandle::Open(options_.directory, missing, options_.directory_mode);
    const auto parts = base::Split(path, '/');
    for (std::size_t i = 0; folder && i + 1 < parts.size(); ++i) {
      folder = folder->OpenBelow(parts[i], missing, options_.directory_mode);
    }
    if (!folder) return std::move(folder).error();
    return Place{*std::move(folder), parts.back()};
  }

  const Options options_;
  base::Random& random_;  // borrowed; outlives this
  const bool allow_exec_;
  const connections::HoldsSealingKey holds_sealing_key_;
};

Result<std::unique_ptr<sync::Destination>> Make(const sync::Setup& setup) {
  auto options = ReadOptions(setup);
  if (!options) return std::move(options).error();
  sync::FileOptions files{.layout = options->layout, .pkcs12_password = options->pkcs12_password};
  return sync::MakeFileDestination(std::make_unique<LocalFileHost>(*std::move(options), setup.deps), std::move(files), setup);
}

}  // namespace

constexpr sync::DestinationSpec kLocalFiles{
    .kind = "local_files",
    .title = "Files on this machine",
    .doc =
        "Writes each certificate as files into a directory of the machine that runs Terraform. Files are replaced in one step, "
        "never half written. A hidden file beside them (`.<name>.certwright`) records which sync they belong to; files of others "
        "are never touched. Changed content and permissions are detected by the next plan and repaired.",
    .connection = {},
    .fields = kDestinationFields,
    .external_ids = [](const sync::Settings&) { return sync::ExternalIds::kByName; },
    .max_concurrency = 1,  // folders come and go with the names below them
    .check_name = sync::CheckFileName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::files
