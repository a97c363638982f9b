// SPDX-License-Identifier: MPL-2.0
// local_files: certificates as PEM files in a directory of the machine that runs Terraform.
//
// Which files are ours: those that the state says were written under this name in this layout, as long as the leaf in them is the
// one that was written. A file in the way that the state does not know is taken over only when it already holds the very same
// bytes: a run was killed before its state was saved.
#include <algorithm>
#include <atomic>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/os/directory_handle.h"
#include "base/text.h"
#include "engine/sync/after_change.h"
#include "engine/sync/destination.h"
#include "engine/sync/file_layout.h"
#include "engine/sync/file_parts.h"
#include "engine/sync/file_placement.h"
#include "engine/vendors/files/options.h"
#include "engine/vendors/files/vendor.h"

namespace engine::vendors::files {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::os::DirectoryHandle;
using base::os::FoundFile;
using base::os::StagedFile;
using sync::Adoption;
using sync::Bundle;
using sync::CheckFileName;
using sync::Deployed;
using sync::Destination;
using sync::DestinationSpec;
using sync::FileLayout;
using sync::FilePlan;
using sync::FindAdoptedFileName;
using sync::FindFileLayout;
using sync::LeafFingerprint;
using sync::Render;
using sync::RunAfterChange;
using sync::Setup;

// "team/web" is the file "web" in the folder "team".
struct Place {
  DirectoryHandle folder;
  std::string name;

  std::string FileName(const FilePlan& plan) const { return base::Cat(name, plan.suffix); }
};

// One file of a layout as it is on disk.
struct Seen {
  const FilePlan* plan;
  std::optional<FoundFile> file;
};

std::string LeafOf(const Seen& seen) {
  return seen.file && seen.file->content ? LeafFingerprint(*seen.plan, seen.file->content->Reveal()) : std::string();
}

Result<std::vector<Seen>> Look(const Place& place, const FileLayout& layout) {
  std::vector<Seen> seen;
  for (const FilePlan& plan : layout.files) {
    auto file = place.folder.Find(place.FileName(plan));
    if (!file) return std::move(file).error();
    seen.push_back({&plan, *std::move(file)});
  }
  return seen;
}

base::os::FileAttributes AttributesOf(const FilePlan& plan, const Options& options, const Ids& ids) {
  return {.mode = plan.HoldsKey() ? options.private_key_mode : options.certificate_mode, .owner = ids.owner, .group = ids.group};
}

bool IsAsWanted(const FoundFile& file, const base::Secret& content, const base::os::FileAttributes& wanted) {
  return file.content && *file.content == content && file.mode == wanted.mode &&
         wanted.owner.value_or(file.owner) == file.owner && wanted.group.value_or(file.group) == file.group;
}

Error Conflict(const std::string& path, const FoundFile& file) {
  const std::string_view what = file.regular ? " exists and was not written by this sync" : " exists and is not a regular file";
  return Error{ErrorKind::kConflict, base::Cat(path, what, "; move it away, or choose another directory or name_schema")};
}

// What is on disk, and the settings that shaped it: when those change, the files are written again. The owner counts only where
// the settings say something about it.
sync::Parts PartsOf(const Place& place, const std::vector<Seen>& seen, const Options& options) {
  const std::string settings = base::Cat(options.layout->name, ' ', options.certificate_mode, ' ', options.private_key_mode, ' ',
                                         options.owner, ':', options.group);
  sync::Parts parts{{"settings", sync::PartDigest(settings)}};
  for (const Seen& one : seen) {
    if (!one.file) continue;
    const std::string name = place.FileName(*one.plan);
    sync::AddFile({.name = name, .is_regular = one.file->regular, .content = one.file->content, .mode = one.file->mode}, parts);
    if (!one.file->regular) continue;
    if (!options.owner.empty()) parts.emplace(base::Cat("owner of ", name), std::to_string(one.file->owner));
    if (!options.group.empty()) parts.emplace(base::Cat("group of ", name), std::to_string(one.file->group));
  }
  return parts;
}

class LocalFiles final : public Destination {
 public:
  LocalFiles(Options options, const connections::Deps& deps)
      : options_(std::move(options)), random_(*deps.random), allow_exec_(deps.allow_exec) {}

  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    if (auto go_on = call.Check(); !go_on) return std::move(go_on).error();
    const auto place = Locate(known.name, DirectoryHandle::Missing::kRefuse);
    if (!place && place.error().kind == ErrorKind::kNotFound) return std::optional<Deployed>();
    if (!place) return place.error();
    return Found(*place, known, LayoutOf(known));
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto place = Locate(name, DirectoryHandle::Missing::kCreate);
    if (!place) return place.error();
    // Also when the files turn out to be right: a run may have been killed between its last write and its program.
    if (!previous || previous->unfinished || previous->fingerprint_sha256 != bundle.chain.front().fingerprint_sha256)
      changed_ = true;
    const Deployed* in_place = previous && previous->name == name ? &*previous : nullptr;
    if (auto written = Write(call, *place, bundle, in_place); !written) {
      // What the failed write newly made is gone again: only files that were there before can have changed.
      if (auto found = in_place ? Found(*place, *previous, LayoutOf(*previous)) : now; found) now = *std::move(found);
      RemoveEmptyFolders(name);
      return written;
    }
    const Deployed target{.name = std::string(name),
                          .external_id = {},
                          .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
                          .certificate_id = bundle.certificate_id};
    auto found = Found(*place, target, *options_.layout);
    if (!found) return std::move(found).error();
    now = *std::move(found);
    return previous ? RemoveLeftovers(call, *previous, name) : Result<void>();
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    const auto name = FindAdoptedFileName(options_.directory, *options_.layout, external_id, adoption);
    if (!name) return name.error();
    auto seen = Observe(call, {.name = *name});
    if (!seen) return std::move(seen).error();
    if (!*seen) return Error{ErrorKind::kNotFound, "there is no such file"};
    return **std::move(seen);
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto place = Locate(deployed.name, DirectoryHandle::Missing::kRefuse);
    if (!place) return place.error().kind == ErrorKind::kNotFound ? Result<void>() : place.error();
    const auto seen = Look(*place, LayoutOf(deployed));
    if (!seen) return seen.error();
    const auto ours = IsOurs(call, *place, seen->back(), deployed);
    if (!ours) return ours.error();
    return *ours ? RemoveFiles(call, *place, *seen, deployed.name) : Result<void>();
  }

  Result<void> Finish(const Call& call) override {
    if (options_.after_change.empty() || !changed_) return {};
    if (!allow_exec_)
      return Error{ErrorKind::kDenied, "after_change may not run a program: the provider's allow_exec is not true"};
    return RunAfterChange(call, options_.after_change);
  }

 private:
  struct Staged {
    StagedFile file;
    bool is_new;
  };

  // The layout that wrote `deployed`.
  const FileLayout& LayoutOf(const Deployed& deployed) const {
    const FileLayout* layout = sync::FindNotedLayout(deployed);
    return layout ? *layout : *options_.layout;
  }

  Result<Place> Locate(std::string_view name, DirectoryHandle::Missing missing) const {
    if (std::string problem = CheckFileName(name); !problem.empty()) return Error{ErrorKind::kInvalid, std::move(problem)};
    auto folder = DirectoryHandle::Open(options_.directory, missing, options_.directory_mode);
    const auto parts = base::Split(name, '/');
    for (std::size_t i = 0; folder && i + 1 < parts.size(); ++i) {
      folder = folder->OpenBelow(parts[i], missing, options_.directory_mode);
    }
    if (!folder) return std::move(folder).error();
    return Place{*std::move(folder), parts.back()};
  }

  // `known` with what is really there; empty when none of the files is.
  Result<std::optional<Deployed>> Found(const Place& place, const Deployed& known, const FileLayout& layout) const {
    const auto seen = Look(place, layout);
    if (!seen) return seen.error();
    if (std::none_of(seen->begin(), seen->end(), [](const Seen& one) { return one.file.has_value(); }))
      return std::optional<Deployed>();
    Deployed found = known;
    found.external_id = place.folder.PathOf(place.FileName(layout.leaf_file()));
    found.fingerprint_sha256 = LeafOf(seen->back());
    found.parts = PartsOf(place, *seen, options_);
    found.notes = sync::NotesOf(layout);
    return std::optional(std::move(found));
  }

  // All files, or none: everything is on disk under temporary names before the first one takes its place.
  Result<void> Write(const Call& call, const Place& place, const Bundle& bundle, const Deployed* previous) {
    auto staged = Stage(place, bundle, previous);
    if (!staged) return std::move(staged).error();
    std::vector<std::string> made;
    for (Staged& one : *staged) {
      auto published = one.file.Publish(one.is_new ? StagedFile::InPlace::kRefuse : StagedFile::InPlace::kReplace);
      if (!published) {
        for (const std::string& name : made) static_cast<void>(place.folder.RemoveFile(name));
        return published;
      }
      if (one.is_new) made.push_back(one.file.name());
      changed_ = true;
      call.log.Info("file written", {{base::key::kPath, place.folder.PathOf(one.file.name())}});
    }
    return staged->empty() ? Result<void>() : place.folder.Flush();
  }

  // The files that differ from what is there. A foreign file or a full disk shows here, before anything has changed.
  Result<std::vector<Staged>> Stage(const Place& place, const Bundle& bundle, const Deployed* previous) {
    const auto ids = ResolveIds(options_);
    if (!ids) return ids.error();
    const auto seen = Look(place, *options_.layout);
    if (!seen) return seen.error();
    std::vector<Staged> staged;
    for (const Seen& one : *seen) {
      const std::string file_name = place.FileName(*one.plan);
      const auto content =
          Render(*one.plan, {bundle, place.name, options_.pkcs12_password}, one.file ? one.file->content : std::nullopt);
      if (!content) return content.error();
      const base::os::FileAttributes attributes = AttributesOf(*one.plan, options_, *ids);
      const bool ours = previous && LayoutOf(*previous).Has(one.plan->suffix);
      const bool same_bytes = one.file && one.file->content && *one.file->content == *content;
      if (one.file && !(one.file->regular && (ours || same_bytes))) return Conflict(place.folder.PathOf(file_name), *one.file);
      if (one.file && IsAsWanted(*one.file, *content, attributes)) continue;
      auto file = place.folder.Stage(file_name, content->Reveal(), attributes, random_);
      if (!file) return std::move(file).error();
      staged.push_back({*std::move(file), !one.file});
    }
    return staged;
  }

  // Whether the file with the leaf is still the one that was written; true also when it is gone.
  static Result<bool> IsOurs(const Call& call, const Place& place, const Seen& leaf, const Deployed& deployed) {
    if (!leaf.file) return true;
    const std::string path = place.folder.PathOf(place.FileName(*leaf.plan));
    if (leaf.file->regular && !leaf.file->content) {
      return Error{ErrorKind::kDenied, base::Cat("cannot read ", path, " to see whether it is still the file that was written")};
    }
    const std::string found = LeafOf(leaf);
    if (!found.empty() && found == deployed.fingerprint_sha256) return true;
    call.log.Warn("files left alone: they hold something else by now", {{base::key::kPath, path}});
    return false;
  }

  // After a write under another name or in another layout: the files that `previous` had and that were not written over.
  Result<void> RemoveLeftovers(const Call& call, const Deployed& previous, std::string_view name) {
    const auto place = Locate(previous.name, DirectoryHandle::Missing::kRefuse);
    if (!place) return place.error().kind == ErrorKind::kNotFound ? Result<void>() : place.error();
    auto seen = Look(*place, LayoutOf(previous));
    if (!seen) return std::move(seen).error();
    const auto written_over = [&](const Seen& one) { return previous.name == name && options_.layout->Has(one.plan->suffix); };
    if (!written_over(seen->back())) {
      const auto ours = IsOurs(call, *place, seen->back(), previous);
      if (!ours || !*ours) return ours ? Result<void>() : ours.error();
    }
    std::erase_if(*seen, written_over);
    if (seen->empty()) return {};
    auto removed = RemoveFiles(call, *place, *seen, previous.name);
    return removed ? removed : std::move(removed).error().While("removing the files of the former name or layout");
  }

  Result<void> RemoveFiles(const Call& call, const Place& place, const std::vector<Seen>& seen, std::string_view name) {
    for (const Seen& one : seen) {
      if (!one.file || !one.file->regular) continue;
      const std::string file_name = place.FileName(*one.plan);
      if (auto removed = place.folder.RemoveFile(file_name); !removed) return removed;
      changed_ = true;
      call.log.Info("file removed", {{base::key::kPath, place.folder.PathOf(file_name)}});
    }
    auto flushed = place.folder.Flush();
    RemoveEmptyFolders(name);
    return flushed;
  }

  // Folders that stand for the name alone ("team" of "team/web"), innermost first, as long as they are empty.
  void RemoveEmptyFolders(std::string_view name) const {
    auto parts = base::Split(name, '/');
    for (parts.pop_back(); !parts.empty(); parts.pop_back()) {
      const auto parent = Locate(base::Join(parts, "/"), DirectoryHandle::Missing::kRefuse);
      if (!parent || !parent->folder.RemoveEmpty(parts.back())) return;
    }
  }

  Options options_;
  base::Random& random_;  // borrowed; outlives this
  bool allow_exec_;
  std::atomic<bool> changed_ = false;  // whether the program is due
};

Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  auto options = ReadOptions(setup);
  if (!options) return std::move(options).error();
  return std::unique_ptr<Destination>(std::make_unique<LocalFiles>(*std::move(options), setup.deps));
}

}  // namespace

constexpr DestinationSpec kLocalFiles{
    .kind = "local_files",
    .title = "Files on this machine",
    .doc =
        "Writes each certificate as PEM files into a directory of the machine that runs Terraform. Files are replaced in one "
        "step, "
        "never half written; a file that this sync did not write is never touched; changed content and permissions are seen by "
        "the "
        "next plan and repaired.",
    .connection = {},
    .fields = kFields,
    .max_concurrency = 1,  // folders come and go with the names below them
    .check_name = CheckFileName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::files
