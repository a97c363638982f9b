// SPDX-License-Identifier: MPL-2.0
// ssh_host: certificates as PEM files in a directory of a machine that is reached by SSH. The same layouts, and the same rules
// about whose a file is, as local_files.
#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/key_locks.h"
#include "base/text.h"
#include "engine/sync/after_change.h"
#include "engine/sync/file_layout.h"
#include "engine/sync/file_parts.h"
#include "engine/sync/file_placement.h"
#include "engine/vendors/ssh/connection.h"
#include "engine/vendors/ssh/vendor.h"

namespace engine::vendors::ssh {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::Secret;
using base::ssh::RemoteFile;
using base::ssh::Session;
using sync::Adoption;
using sync::Bundle;
using sync::Deployed;
using sync::Destination;
using sync::DestinationSpec;
using sync::FileLayout;
using sync::FilePlan;
using sync::JudgeProgram;
using sync::ProgramProblem;
using sync::ReadProgram;
using sync::Render;
using sync::Settings;
using sync::Setup;

constexpr std::chrono::seconds kCleanupLimit{30};
constexpr std::int64_t kMaxPort = 65535;

constexpr std::array<base::ConfigField, 8> kFields = {{
    {.name = "host", .required = true, .doc = "The machine, by name or address.", .identity = true},
    {.name = "port",
     .kind = base::FieldKind::kNumber,
     .default_value = "22",
     .doc = "The port of its SSH server.",
     .identity = true},
    {.name = "directory",
     .required = true,
     .doc = "Where the files go on the machine, an absolute path. Missing directories are made.",
     .identity = true},
    sync::kLayoutField,
    sync::kPkcs12PasswordField,
    {.name = "certificate_mode", .default_value = "0644", .doc = "Permissions of files without a private key, in octal."},
    {.name = "private_key_mode",
     .default_value = "0600",
     .doc = "Permissions of files with a private key, in octal. Nothing may be granted to all users of the machine."},
    {.name = "after_change",
     .kind = base::FieldKind::kStringList,
     .doc = "A program and its arguments, run on the machine once in each apply in which a file changed, after the last change; "
            "not on "
            "destroy. Each argument arrives as it is written."},
}};

// As one word of a POSIX shell.
std::string Quote(const std::string& word) { return Cat("'", base::Join(base::Split(word, '\''), "'\\''"), "'"); }

struct Options {
  std::string directory;     // without a final slash
  const FileLayout* layout;  // never null
  std::optional<Secret> pkcs12_password;
  std::uint32_t certificate_mode;
  std::uint32_t private_key_mode;
  std::vector<std::string> after_change;
};

struct Seen {
  const FilePlan* plan;
  std::optional<RemoteFile> file;
};

std::string LeafOf(const Seen& seen) {
  return seen.file && seen.file->content ? sync::LeafFingerprint(*seen.plan, seen.file->content->Reveal()) : std::string();
}

// Each call holds the session: one machine, one thing at a time.
class SshHost final : public Destination {
 public:
  SshHost(base::ssh::Target target, Options options, base::Random& random)
      : target_(std::move(target)), options_(std::move(options)), random_(random) {}

  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    const auto turn = turns_.Acquire(call, {});
    if (!turn) return turn.error();
    return Found(call, known, LayoutOf(known));
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    const auto turn = turns_.Acquire(call, {});
    if (!turn) return turn.error();
    const Deployed* in_place = previous && previous->name == name ? &*previous : nullptr;
    // Also when the files turn out to be right: a run may have been killed between its last write and its program.
    if (!previous || previous->unfinished || previous->fingerprint_sha256 != bundle.chain.front().fingerprint_sha256)
      changed_ = true;
    if (auto written = Write(call, std::string(name), bundle, in_place); !written) {
      // What it newly made is gone again: only files that were there before can have changed.
      auto found = in_place ? Found(call.ForCleanup(kCleanupLimit), *previous, LayoutOf(*previous)) : now;
      if (found) now = *std::move(found);
      return written;
    }
    const Deployed target{.name = std::string(name),
                          .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
                          .certificate_id = bundle.certificate_id};
    auto found = Found(call, target, *options_.layout);
    if (!found) return std::move(found).error();
    now = *std::move(found);
    return in_place ? RemoveLeftovers(call, *in_place) : Result<void>();
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    const auto name = sync::FindAdoptedFileName(options_.directory, *options_.layout, external_id, adoption);
    if (!name) return name.error();
    auto seen = Observe(call, {.name = *name});
    if (!seen) return std::move(seen).error();
    if (!*seen) return Error{ErrorKind::kNotFound, Cat("there is no such file on ", target_.host)};
    return **std::move(seen);
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    const auto turn = turns_.Acquire(call, {});
    if (!turn) return turn.error();
    const auto seen = Look(call, deployed.name, LayoutOf(deployed));
    if (!seen) return seen.error();
    const Seen& leaf = seen->back();
    if (leaf.file && (!leaf.file->regular || LeafOf(leaf) != deployed.fingerprint_sha256)) {
      call.log.Warn("files left alone: they hold something else by now", {{base::key::kPath, PathOf(deployed.name, *leaf.plan)}});
      return {};
    }
    for (const Seen& one : *seen) {
      if (!one.file || !one.file->regular) continue;
      if (auto removed = RemoveFile(call, PathOf(deployed.name, *one.plan)); !removed) return removed;
    }
    return RemoveEmptyFolders(call, deployed.name);
  }

  Result<void> Finish(const Call& call) override {
    if (options_.after_change.empty() || !changed_) return {};  // every Put has ended
    const auto turn = turns_.Acquire(call, {});
    if (!turn) return turn.error();
    std::vector<std::string> words;
    for (const std::string& word : options_.after_change) words.push_back(Quote(word));
    const auto session = Ready(call);
    if (!session) return session.error();
    const auto finished = (*session)->Run(call, base::Join(words, " "));
    if (!finished) return Error(finished.error()).While("running after_change");
    call.log.Info("after_change was run", {{base::key::kPath, options_.after_change.front()}});
    return JudgeProgram(options_.after_change.front(), finished->exit_code, Cat(finished->errors, finished->output));
  }

 private:
  Result<Session*> Ready(const Call& call) {
    if (session_ && !session_->is_broken()) return session_.get();
    auto opened = Session::Open(call, target_);
    if (!opened) {
      Error error = std::move(opened).error().While(Cat("logging in to ", target_.host));
      error.blame.subject = connections::kConnectionSubject;
      return error;
    }
    session_ = *std::move(opened);
    return session_.get();
  }

  // The layout that wrote `deployed`.
  const FileLayout& LayoutOf(const Deployed& deployed) const {
    const FileLayout* layout = sync::FindNotedLayout(deployed);
    return layout ? *layout : *options_.layout;
  }

  std::string PathOf(const std::string& name, const FilePlan& plan) const {
    return Cat(options_.directory, "/", name, plan.suffix);
  }

  Result<std::vector<Seen>> Look(const Call& call, const std::string& name, const FileLayout& layout) {
    if (std::string problem = sync::CheckFileName(name); !problem.empty()) return Error{ErrorKind::kInvalid, std::move(problem)};
    const auto session = Ready(call);
    if (!session) return session.error();
    std::vector<Seen> seen;
    for (const FilePlan& plan : layout.files) {
      auto file = (*session)->Find(call, PathOf(name, plan));
      if (!file) return std::move(file).error();
      seen.push_back({&plan, *std::move(file)});
    }
    return seen;
  }

  // `known` with what is really there; empty when none of the files is.
  Result<std::optional<Deployed>> Found(const Call& call, const Deployed& known, const FileLayout& layout) {
    const auto seen = Look(call, known.name, layout);
    if (!seen) return seen.error();
    if (std::none_of(seen->begin(), seen->end(), [](const Seen& one) { return one.file.has_value(); }))
      return std::optional<Deployed>();
    Deployed found = known;
    found.external_id = PathOf(known.name, layout.leaf_file());
    found.fingerprint_sha256 = LeafOf(seen->back());
    found.parts = PartsOf(known.name, *seen);
    found.notes = sync::NotesOf(layout);
    return std::optional(std::move(found));
  }

  static sync::Parts PartsOf(const std::string& name, const std::vector<Seen>& seen) {
    sync::Parts parts;
    for (const auto& [plan, file] : seen) {
      if (!file) continue;
      const std::string file_name = Cat(name.substr(name.rfind('/') + 1), plan->suffix);
      sync::AddFile({.name = file_name, .is_regular = file->regular, .content = file->content, .mode = file->mode}, parts);
    }
    return parts;
  }

  struct Staged {
    std::string temporary;
    std::string path;
    bool is_new;
  };

  // All files, or none: everything is on the machine under temporary names before the first one takes its place.
  Result<void> Write(const Call& call, const std::string& name, const Bundle& bundle, const Deployed* previous) {
    std::vector<Staged> staged;
    auto written = Stage(call, name, bundle, previous, staged);
    if (written) written = Publish(call, staged);
    if (written) return written;
    const Call cleanup = call.ForCleanup(kCleanupLimit);
    if (const auto session = Ready(cleanup)) {
      for (const Staged& one : staged) static_cast<void>((*session)->Remove(cleanup, one.temporary));
      static_cast<void>(RemoveEmptyFolders(cleanup, name));
    }
    return written;
  }

  Result<void> Stage(const Call& call, const std::string& name, const Bundle& bundle, const Deployed* previous,
                     std::vector<Staged>& staged) {
    const auto seen = Look(call, name, *options_.layout);
    if (!seen) return seen.error();
    const std::string folder = Cat(options_.directory, "/", name);
    if (auto made = session_->MakeFolders(call, folder.substr(0, folder.rfind('/'))); !made) return made;
    for (const Seen& one : *seen) {
      const std::string path = PathOf(name, *one.plan);
      const auto content = Render(*one.plan, {bundle, name.substr(name.rfind('/') + 1), options_.pkcs12_password},
                                  one.file ? one.file->content : std::nullopt);
      if (!content) return content.error();
      const std::uint32_t mode = one.plan->HoldsKey() ? options_.private_key_mode : options_.certificate_mode;
      const bool ours = previous && LayoutOf(*previous).Has(one.plan->suffix);
      const bool same_bytes = one.file && one.file->content && *one.file->content == *content;
      if (one.file && !(one.file->regular && (ours || same_bytes))) return Conflict(path, *one.file);
      if (same_bytes && one.file->mode == mode) continue;
      staged.push_back({Cat(path, ".", base::Hex(random_.Bytes(6)), ".tmp"), path, !one.file});
      if (auto created = session_->Create(call, staged.back().temporary, *content, mode); !created) return created;
    }
    return {};
  }

  Result<void> Publish(const Call& call, const std::vector<Staged>& staged) {
    std::vector<std::string> made;
    for (const Staged& one : staged) {
      auto replaced = session_->Replace(call, one.temporary, one.path);
      if (!replaced) {
        const Call cleanup = call.ForCleanup(kCleanupLimit);
        const auto session = Ready(cleanup);
        for (const std::string& path : made) {
          if (session) static_cast<void>((*session)->Remove(cleanup, path));
        }
        return replaced;
      }
      changed_ = true;
      if (one.is_new) made.push_back(one.path);
      call.log.Info("file written", {{base::key::kPath, one.path}});
    }
    return {};
  }

  Error Conflict(const std::string& path, const RemoteFile& file) const {
    const std::string_view what = file.regular ? " exists and was not written by this sync" : " exists and is not a regular file";
    return Error{ErrorKind::kConflict,
                 Cat(path, " on ", target_.host, what, "; move it away, or choose another directory or name_schema")};
  }

  // The files of a former layout that were not written over.
  Result<void> RemoveLeftovers(const Call& call, const Deployed& previous) {
    for (const FilePlan& plan : LayoutOf(previous).files) {
      if (options_.layout->Has(plan.suffix)) continue;
      if (auto removed = RemoveFile(call, PathOf(previous.name, plan)); !removed) return removed;
    }
    return {};
  }

  Result<void> RemoveFile(const Call& call, const std::string& path) {
    if (auto removed = session_->Remove(call, path); !removed) return removed;
    changed_ = true;
    call.log.Info("file removed", {{base::key::kPath, path}});
    return {};
  }

  // Folders that stand for the name alone ("team" of "team/web"), innermost first, as long as they are empty.
  Result<void> RemoveEmptyFolders(const Call& call, std::string name) {
    while (name.find('/') != std::string::npos) {
      name = name.substr(0, name.rfind('/'));
      session_->RemoveEmptyFolder(call, Cat(options_.directory, "/", name));
    }
    return {};
  }

  const base::ssh::Target target_;
  const Options options_;
  base::Random& random_;  // borrowed; outlives this
  base::KeyLocks turns_;  // one key, which guards what follows
  std::unique_ptr<Session> session_;
  bool changed_ = false;  // whether the program is due
};

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  const auto note = [&](std::string_view field, std::string message) {
    if (!message.empty()) problems.push_back({std::string(field), std::move(message)});
  };
  if (settings.Has("host")) {
    const std::string_view host = settings.Text("host");
    const bool fine = !host.empty() && host.find_first_of(" /@") == std::string::npos;
    note("host", fine ? "" : "Give the machine's name or address alone.");
  }
  if (settings.Has("directory")) {
    note("directory", settings.Text("directory").starts_with('/') ? "" : "Give an absolute path on the machine.");
  }
  note("port", settings.Integer("port", 1, kMaxPort) ? "" : "A port is between 1 and 65535.");
  note("layout", sync::FileLayoutProblem(settings.Text("layout")));
  for (const std::string_view field : {"certificate_mode", "private_key_mode"}) {
    note(field, sync::FileModeProblem(field, settings.Text(field)));
  }
  note("after_change", ProgramProblem(settings));
  return problems;
}

Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  const auto port = static_cast<std::uint16_t>(*setup.settings.Integer("port", 1, kMaxPort));
  auto target = MakeSshTarget(*setup.connection, std::string(setup.settings.Text("host")), port);
  if (!target) return std::move(target).error();
  std::string directory(setup.settings.Text("directory"));
  while (directory.ends_with('/')) directory.pop_back();
  return std::unique_ptr<Destination>(
      std::make_unique<SshHost>(*std::move(target),
                                Options{.directory = std::move(directory),
                                        .layout = sync::FindFileLayout(setup.settings.Text("layout")),
                                        .pkcs12_password = sync::FindPkcs12Password(setup.settings),
                                        .certificate_mode = *sync::ParseFileMode(setup.settings.Text("certificate_mode")),
                                        .private_key_mode = *sync::ParseFileMode(setup.settings.Text("private_key_mode")),
                                        .after_change = ReadProgram(setup.settings)},
                                *setup.deps.random));
}

}  // namespace

constexpr DestinationSpec kHost{
    .kind = "ssh_host",
    .title = "Files on a machine (SSH)",
    .doc =
        "Writes each certificate as PEM files into a directory of a machine that is reached by SSH, over SFTP: replaced in one "
        "step, never "
        "half written. The machine is known by its key. A file that this sync did not write is never touched.",
    .connection = "ssh",
    .fields = kFields,
    .max_concurrency = 1,  // one session
    .check_name = sync::CheckFileName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::ssh
