// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_destination.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.h"
#include "engine/sync/file_parts.h"
#include "engine/sync/file_placement.h"
#include "engine/sync/file_rollback.h"
#include "engine/sync/file_set.h"

namespace engine::sync {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::Secret;

constexpr std::chrono::seconds kCleanupLimit{30};
constexpr const char* kMarkPart = "mark";

std::string LastPart(std::string_view name) { return std::string(name.substr(name.rfind('/') + 1)); }
// How parts of the receipt call a file: without folders, unless it has some of its own.
std::string ShownName(const FilePlan& plan, const std::string& name) {
  const std::string entry = plan.MarkEntryOf(name);
  return entry.starts_with('/') ? entry.substr(1) : Cat(LastPart(name), entry);
}

FileRole RoleOf(const FilePlan& plan) { return plan.HoldsKey() ? FileRole::kPrivateKey : FileRole::kPublic; }

// One file of a layout as it is on the machine.
struct Seen {
  const FilePlan* plan;
  std::optional<HostFile> file;
};

std::string LeafOf(const Seen& seen) {
  return seen.file && seen.file->content ? LeafFingerprint(*seen.plan, seen.file->content->Reveal()) : std::string();
}

// What is in the place of the mark. A file that is not a mark counts as none.
struct SeenMark {
  std::optional<FileMark> mark{};
  bool is_occupied = false;  // there is a file of that name
};

class FileDestination final : public Destination {
 public:
  FileDestination(std::unique_ptr<FileHost> host, FileOptions options, const Setup& setup)
      : host_(std::move(host)), options_(std::move(options)), ownership_(setup) {}

  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    const auto turn = Begin(call, known.name);
    if (!turn) return turn.error();
    return Find(call, known, LayoutOf(known));
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    const auto turn = Begin(call, name);
    if (!turn) return turn.error();
    const Deployed* in_place = previous && previous->name == name ? &*previous : nullptr;
    // Also when the files turn out to be right: a run may have been killed between its last write and its program.
    if (!previous || previous->unfinished || previous->fingerprint_sha256 != bundle.chain.front().fingerprint_sha256) {
      changed_ = true;
    }
    return TryPut(call, std::string(name), bundle, in_place, now);
  }

  // The name is that of the file with the leaf.
  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    auto name = FindFileName(host_->IdOf(""), options_.layout, external_id);
    if (!name) return std::move(name).error();
    const auto turn = Begin(call, *name);
    if (!turn) return turn.error();
    const auto mark = FindMark(call, *name);
    if (!mark) return mark.error();
    auto certificate_id = ownership_.Adopt(external_id, mark->mark ? TagsOf(*mark->mark) : Tags(), adoption);
    if (!certificate_id) return Error{certificate_id.error().kind, Cat("there is no mark beside it, ", FileMarkPath(*name))};
    auto found = Find(call, {.name = *name, .certificate_id = *certificate_id}, options_.layout);
    if (!found) return std::move(found).error();
    if (!*found) return Error{ErrorKind::kNotFound, "there is no such file"};
    return **std::move(found);
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    const auto turn = Begin(call, deployed.name);
    return turn ? TryRemove(call, deployed) : turn.error();
  }

  Result<void> Finish(const Call& call) override {
    if (!changed_) return {};
    const auto turn = turns_.Acquire(call, {});
    if (!turn) return turn.error();
    if (auto told = host_->RunAfterChange(call); !told || !host_->HasHealthCheck()) return told;
    auto healthy = host_->RunHealthCheck(call);
    return healthy ? healthy : RollBack(call, std::move(healthy).error());
  }

 private:
  Result<base::KeyLocks::Turn> Begin(const Call& call, std::string_view name) {
    if (auto go_on = call.Check(); !go_on) return std::move(go_on).error();
    if (std::string problem = CheckFileName(name); !problem.empty()) return Error{ErrorKind::kInvalid, std::move(problem)};
    return turns_.Acquire(call, {});
  }

  // The server is told of what it had before, too.
  Error RollBack(const Call& call, Error error) {
    const Call cleanup = call.ForCleanup(kCleanupLimit);
    auto restored = rollback_.Restore(cleanup, *host_);
    if (restored) restored = host_->RunAfterChange(cleanup);
    error.message.append(restored ? "; the former files are back" : "; the former files could not all be put back");
    if (!restored) error.details.push_back(restored.error().message);
    return error;
  }

  // To be called before the path is changed.
  Result<void> NoteFormer(const Call& call, const std::string& path) {
    if (!host_->HasHealthCheck()) return {};
    const auto former = host_->Find(call, path);
    if (!former) return former.error();
    rollback_.Note(path, *former);
    return {};
  }

  // What an import names.
  std::string IdOf(const std::string& name) const { return host_->IdOf(options_.layout.leaf_file().PathOf(name)); }

  // The layout that wrote `deployed`.
  FileLayout LayoutOf(const Deployed& deployed) const { return FindNotedLayout(deployed).value_or(options_.layout); }

  FileSet FilesOf(const FileLayout& layout, const std::string& name) const { return {*host_, layout, name}; }

  Result<std::vector<Seen>> Look(const Call& call, const std::string& name, const FileLayout& layout) {
    std::vector<Seen> seen;
    for (const FilePlan& plan : layout.files) {
      auto file = host_->Find(call, plan.PathOf(name));
      if (!file) return std::move(file).error();
      seen.push_back({&plan, *std::move(file)});
    }
    return seen;
  }

  Result<SeenMark> FindMark(const Call& call, const std::string& name) {
    const auto file = host_->Find(call, FileMarkPath(name));
    if (!file) return file.error();
    if (!*file) return SeenMark();
    const bool is_readable = (*file)->is_regular && (*file)->content;
    return SeenMark{.mark = is_readable ? ParseFileMark((*file)->content->Reveal()) : std::nullopt, .is_occupied = true};
  }

  // `known` with what is really there; empty when none of the files is.
  Result<std::optional<Deployed>> Find(const Call& call, const Deployed& known, const FileLayout& layout) {
    const auto seen = Look(call, known.name, layout);
    if (!seen) return seen.error();
    const bool is_gone = std::none_of(seen->begin(), seen->end(), [](const Seen& one) { return one.file.has_value(); });
    if (is_gone) return std::optional<Deployed>();
    const auto mark = FindMark(call, known.name);
    if (!mark) return mark.error();
    Deployed found = known;
    found.external_id = host_->IdOf(layout.leaf_file().PathOf(known.name));
    found.fingerprint_sha256 = LeafOf(seen->back());
    found.parts = PartsOf(known, *seen, *mark);
    found.notes = NotesOf(layout);
    return std::optional(std::move(found));
  }

  Parts PartsOf(const Deployed& known, const std::vector<Seen>& seen, const SeenMark& mark) const {
    Parts parts;
    for (const auto& [plan, file] : seen) {
      if (!file) continue;
      const std::string name = ShownName(*plan, known.name);
      AddFile({.name = name, .is_regular = file->is_regular, .content = file->content, .mode = file->mode}, parts);
      if (!file->owner.empty()) parts.emplace(Cat("owner of ", name), file->owner);
      if (!file->group.empty()) parts.emplace(Cat("group of ", name), file->group);
    }
    if (mark.mark) {
      const bool is_ours = ownership_.Owns(TagsOf(*mark.mark), known.certificate_id);
      parts.emplace(kMarkPart, is_ours ? "this sync's" : Cat("of the sync ", mark.mark->sync_id));
    }
    return parts;
  }

  Result<void> TryPut(const Call& call, const std::string& name, const Bundle& bundle, const Deployed* in_place,
                      std::optional<Deployed>& now) {
    FilesOf(options_.layout, name).RemoveAbandoned(call);
    bool is_taken_over = false;
    if (auto written = Write(call, name, bundle, in_place, is_taken_over); !written) {
      // What the failed write newly made is gone again: only files that were there before can have changed.
      const Call cleanup = call.ForCleanup(kCleanupLimit);
      if (in_place != nullptr) {
        if (auto found = Find(cleanup, *in_place, LayoutOf(*in_place))) now = *std::move(found);
      }
      FilesOf(options_.layout, name).RemoveEmptyFolders(cleanup);
      return written;
    }
    const std::string& leaf = bundle.chain.front().fingerprint_sha256;
    auto found = Find(call, {.name = name, .fingerprint_sha256 = leaf, .certificate_id = bundle.certificate_id}, options_.layout);
    if (!found) return std::move(found).error();
    now = *std::move(found);
    if (now) now->is_taken_over = is_taken_over || in_place != nullptr;
    if (!now || now->fingerprint_sha256 != leaf) {
      return Error{ErrorKind::kConflict, Cat(host_->Describe(name), " was changed by someone else while it was written")};
    }
    return in_place == nullptr ? Result<void>() : RemoveLeftovers(call, *in_place, bundle);
  }

  struct Staged {
    std::unique_ptr<StagedHostFile> file;
    std::string path;
    Occupied occupied;
  };

  // All files, or none: everything is on disk before the first one gets its name. The mark goes first.
  Result<void> Write(const Call& call, const std::string& name, const Bundle& bundle, const Deployed* in_place,
                     bool& is_taken_over) {
    std::vector<Staged> staged;
    auto written = Stage(call, name, bundle, in_place, staged, is_taken_over);
    if (written) written = Publish(call, staged);
    if (written) return staged.empty() ? written : FilesOf(options_.layout, name).Flush(call);
    const Call cleanup = call.ForCleanup(kCleanupLimit);
    for (const Staged& one : staged) one.file->Drop(cleanup);
    return written;
  }

  // The files that differ from what is there. A foreign file or a full disk shows here, before anything has changed.
  Result<void> Stage(const Call& call, const std::string& name, const Bundle& bundle, const Deployed* in_place,
                     std::vector<Staged>& staged, bool& is_taken_over) {
    const auto mark = FindMark(call, name);
    if (!mark) return mark.error();
    const Mark whose = mark->mark ? ownership_.ReadMark(IdOf(name), TagsOf(*mark->mark), bundle.certificate_id) : Mark::kNone;
    if (mark->mark && !MayRemark(whose, in_place != nullptr)) return Conflict(name, whose, mark->mark->sync_id);
    is_taken_over = whose == Mark::kSameState || whose == Mark::kRival;
    const auto seen = Look(call, name, options_.layout);
    if (!seen) return seen.error();
    if (auto made = FilesOf(options_.layout, name).MakeFolders(call); !made) return made;
    const FileMark next = NextFileMark(ownership_.sync_id(), bundle, MarkEntriesOf(options_.layout, name), mark->mark);
    if (!(mark->mark == next)) {
      const Occupied occupied = mark->is_occupied ? Occupied::kYes : Occupied::kNo;
      if (auto one = StageOne(call, FileMarkPath(name), Secret(ToText(next)), FileRole::kPublic, occupied, staged); !one)
        return one;
    }
    for (const auto& [plan, file] : *seen) {
      const auto content = Render(*plan, {bundle, LastPart(name), options_.pkcs12_password}, file ? file->content : std::nullopt);
      if (!content) return content.error();
      const std::string path = plan->PathOf(name);
      const std::string entry = plan->MarkEntryOf(name);
      const bool is_ours =
          (in_place != nullptr && LayoutOf(*in_place).Has(name, path)) || (mark->mark && mark->mark->HasFile(entry));
      const bool is_same = file && file->content && *file->content == *content;
      // Versions without marks had no names but these. What another certificate's mark may list is not shared.
      const bool is_of_name = !entry.starts_with('/');
      if (file && !(file->is_regular && (is_ours || (is_same && is_of_name)))) return Conflict(path, *file);
      if (is_same && host_->HasAttributes(*file, RoleOf(*plan))) continue;
      const Occupied occupied = file ? Occupied::kYes : Occupied::kNo;
      if (auto one = StageOne(call, path, *content, RoleOf(*plan), occupied, staged); !one) return one;
    }
    return {};
  }

  Result<void> StageOne(const Call& call, const std::string& path, const Secret& content, FileRole role, Occupied occupied,
                        std::vector<Staged>& staged) {
    auto file = host_->Stage(call, path, content, role);
    if (!file) return std::move(file).error();
    staged.push_back({*std::move(file), path, occupied});
    return {};
  }

  Result<void> Publish(const Call& call, const std::vector<Staged>& staged) {
    std::vector<std::string> made;
    for (const Staged& one : staged) {
      auto published = NoteFormer(call, one.path);
      if (published) published = one.file->Publish(call, one.occupied);
      if (!published) {
        const Call cleanup = call.ForCleanup(kCleanupLimit);
        for (const std::string& path : made) (void)host_->Remove(cleanup, path);
        return published;
      }
      if (one.occupied == Occupied::kNo) made.push_back(one.path);
      changed_ = true;
      call.log.Info("file written", {{base::key::kPath, host_->Describe(one.path)}});
    }
    return {};
  }

  Error Conflict(const std::string& path, const HostFile& file) const {
    const std::string_view what =
        file.is_regular ? " exists and was not written by this sync" : " exists and is not a regular file";
    return Error{ErrorKind::kConflict, Cat(host_->Describe(path), what, "; move it away, or choose another directory or name")};
  }

  Error Conflict(const std::string& name, Mark whose, std::string_view owner) const {
    return Error{ErrorKind::kConflict, Cat(host_->Describe(options_.layout.leaf_file().PathOf(name)),
                                           " was not written by this sync. ", OwnerText(whose, owner))};
  }

  // After a write in another layout: the files of the former one that were not written over.
  Result<void> RemoveLeftovers(const Call& call, const Deployed& previous, const Bundle& bundle) {
    const FileLayout former = LayoutOf(previous);
    for (const std::string& path : former.PathsOf(previous.name)) {
      if (options_.layout.Has(previous.name, path)) continue;
      if (auto removed = RemoveFile(call, path); !removed) {
        return std::move(removed).error().While("removing the files of the former layout");
      }
    }
    FilesOf(former, previous.name).RemoveEmptyFolders(call);
    const auto mark = FindMark(call, previous.name);
    if (!mark || !mark->mark) return mark ? Result<void>() : mark.error();
    FileMark settled = *mark->mark;
    settled.files = MarkEntriesOf(options_.layout, previous.name);
    if (settled == *mark->mark || !ownership_.Owns(TagsOf(settled), bundle.certificate_id)) return {};
    std::vector<Staged> staged;
    auto one = StageOne(call, FileMarkPath(previous.name), Secret(ToText(settled)), FileRole::kPublic, Occupied::kYes, staged);
    return one ? Publish(call, staged) : one;
  }

  Result<void> TryRemove(const Call& call, const Deployed& deployed) {
    const std::string& name = deployed.name;
    const FileLayout layout = LayoutOf(deployed);
    FilesOf(layout, name).RemoveAbandoned(call);
    const auto mark = FindMark(call, name);
    if (!mark) return mark.error();
    const auto ours = IsOurs(call, deployed, layout, *mark);
    if (!ours || !*ours) return ours ? Result<void>() : ours.error();
    // What took the place of something superseded may have the same name, in another layout.
    const bool shares_name = deployed.superseded && mark->mark && !mark->mark->HasFile(layout.leaf_file().MarkEntryOf(name));
    std::vector<std::string> paths;
    for (const FilePlan& plan : layout.files) {
      if (!shares_name || !mark->mark->HasFile(plan.MarkEntryOf(name))) paths.push_back(plan.PathOf(name));
    }
    // Whoever can write the mark must not choose files elsewhere.
    for (const std::string& entry : mark->mark && !shares_name ? mark->mark->files : std::vector<std::string>()) {
      if (entry.find('/') == std::string::npos) paths.push_back(Cat(name, entry));
    }
    for (const std::string& path : paths) {
      if (auto removed = RemoveFile(call, path); !removed) return removed;
    }
    if (mark->mark && !shares_name) {
      if (auto noted = NoteFormer(call, FileMarkPath(name)); !noted) return noted;
      if (auto removed = host_->Remove(call, FileMarkPath(name)); !removed) return removed;
    }
    auto flushed = FilesOf(layout, name).Flush(call);
    FilesOf(layout, name).RemoveEmptyFolders(call);
    return flushed;
  }

  // True if the mark is not another sync's, and the file with the leaf is the one that was written, or gone.
  Result<bool> IsOurs(const Call& call, const Deployed& deployed, const FileLayout& layout, const SeenMark& seen_mark) {
    const std::string path = layout.leaf_file().PathOf(deployed.name);
    const auto& mark = seen_mark.mark;
    if (mark && ownership_.ReadOwnMark(IdOf(deployed.name), TagsOf(*mark), deployed.certificate_id) == Mark::kForeign) {
      call.log.Warn("files left alone: they belong to another sync by now", {{base::key::kPath, host_->Describe(path)}});
      return false;
    }
    const auto file = host_->Find(call, path);
    if (!file) return file.error();
    if (!*file) return true;
    if ((*file)->is_regular && !(*file)->content) {
      return Error{ErrorKind::kDenied,
                   Cat("cannot read ", host_->Describe(path), " to see whether it is still the file that was written")};
    }
    const std::string found = LeafOf({&layout.leaf_file(), *file});
    if (!found.empty() && (found == deployed.fingerprint_sha256 || (mark && mark->HasLeaf(found)))) return true;
    call.log.Warn("files left alone: they hold something else by now", {{base::key::kPath, host_->Describe(path)}});
    return false;
  }

  // Nothing but regular files.
  Result<void> RemoveFile(const Call& call, const std::string& path) {
    const auto file = host_->Find(call, path);
    if (!file) return file.error();
    if (!*file || !(*file)->is_regular) return {};
    if (auto noted = NoteFormer(call, path); !noted) return noted;
    if (auto removed = host_->Remove(call, path); !removed) return removed;
    changed_ = true;
    call.log.Info("file removed", {{base::key::kPath, host_->Describe(path)}});
    return {};
  }

  std::unique_ptr<FileHost> host_;
  const FileOptions options_;
  Ownership ownership_;
  base::KeyLocks turns_;  // one key: one machine, one thing at a time
  bool changed_ = false;  // whether the program is due; guarded by turns_, as is the next
  FileRollback rollback_;
};

}  // namespace

std::unique_ptr<Destination> MakeFileDestination(std::unique_ptr<FileHost> host, FileOptions options, const Setup& setup) {
  return std::make_unique<FileDestination>(std::move(host), std::move(options), setup);
}

}  // namespace engine::sync
