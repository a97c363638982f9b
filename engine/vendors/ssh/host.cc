// SPDX-License-Identifier: MPL-2.0
// ssh_host: certificates as files in a directory of a machine that is reached by SSH. The same layouts, and the same rules about
// whose a file is, as local_files.
#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/encoding.h"
#include "base/text.h"
#include "engine/sync/after_change.h"
#include "engine/sync/file_destination.h"
#include "engine/sync/file_layout.h"
#include "engine/sync/file_placement.h"
#include "engine/vendors/ssh/connection.h"
#include "engine/vendors/ssh/vendor.h"

namespace engine::vendors::ssh {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::Result;
using base::Secret;
using base::ssh::Session;
using sync::DestinationSpec;
using sync::FileRole;
using sync::HostFile;
using sync::JudgeProgram;
using sync::Occupied;
using sync::ProgramProblem;
using sync::ReadProgram;
using sync::Settings;
using sync::Setup;

constexpr std::int64_t kMaxPort = 65535;
constexpr std::string_view kTemporaryMark = ".certwright-";
constexpr std::string_view kTemporarySuffix = ".tmp";

constexpr std::array<base::ConfigField, 11> kDestinationFields = {{
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
    sync::kFileNamesField,
    sync::kIncludePrivateKeyField,
    sync::kPkcs12PasswordField,
    {.name = "certificate_mode", .default_value = "0644", .doc = "Permissions of files without a private key, in octal."},
    {.name = "private_key_mode",
     .default_value = "0600",
     .doc = "Permissions of files with a private key, in octal. Nothing may be granted to all users of the machine."},
    {.name = "after_change",
     .kind = base::FieldKind::kStringList,
     .doc = "A program and its arguments, run on the machine once in each apply in which a file changed, after the last change; "
            "not on destroy. Each argument arrives as it is written. Needs `allow_exec = true` in the provider's block.",
     .runs_program = true},
    {.name = "health_check",
     .kind = base::FieldKind::kStringList,
     .doc =
         "A program and its arguments, run on the machine after `after_change`. It has to end with exit code 0: otherwise the files "
         "that were there before the apply come back, `after_change` runs again, and the next apply tries again. Needs "
         "`allow_exec = true`.",
     .runs_program = true},
}};

// As one word of a POSIX shell.
std::string Quote(const std::string& word) { return Cat("'", base::Join(base::Split(word, '\''), "'\\''"), "'"); }

// True for text that every login shell takes as it is between single quotes. In fish a backslash has a meaning there, in csh an
// exclamation mark and the end of a line.
bool IsPlain(const std::string& word) {
  return std::none_of(word.begin(), word.end(), [](char one) {
    return one == '\'' || one == '\\' || one == '!' || (one >= '\0' && one < ' ') || one == '\x7f';
  });
}

// The server hands a command to the user's login shell, which need not be a POSIX one. What such a shell could read otherwise is
// a script for the standard input of one that is.
base::ssh::RemoteCommand MakeCommand(const std::vector<std::string>& program) {
  std::vector<std::string> words;
  for (const std::string& word : program) words.push_back(Quote(word));
  const std::string line = base::Join(words, " ");
  if (std::all_of(program.begin(), program.end(), IsPlain)) return {.line = line, .input = {}};
  return {.line = "/bin/sh -s", .input = Cat("exec ", line, "\n")};
}

struct Options {
  std::string directory;  // without a final slash
  std::uint32_t certificate_mode;
  std::uint32_t private_key_mode;
  std::vector<std::string> after_change;
  std::vector<std::string> health_check;
  bool allow_exec;
};

// The session, opened when it is needed and again after it broke.
class LazySession {
 public:
  explicit LazySession(base::ssh::Target target) : target_(std::move(target)) {}

  const std::string& host() const { return target_.host; }
  Result<Session*> Get(const Call& call) {
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

 private:
  const base::ssh::Target target_;
  std::unique_ptr<Session> session_;
};

class StagedRemoteFile final : public sync::StagedHostFile {
 public:
  StagedRemoteFile(LazySession& connection, std::string temporary, std::string path)
      : connection_(connection), temporary_(std::move(temporary)), path_(std::move(path)) {}

  // SFTP's rename that replaces nothing is not atomic with every server: what came in the meantime is written over.
  Result<void> Publish(const Call& call, Occupied) override {
    const auto session = connection_.Get(call);
    if (!session) return session.error();
    auto replaced = (*session)->Replace(call, temporary_, path_);
    if (replaced) temporary_.clear();
    return replaced;
  }
  void Drop(const Call& call) override {
    if (temporary_.empty()) return;
    if (const auto session = connection_.Get(call)) (void)(*session)->Remove(call, temporary_);
  }

 private:
  LazySession& connection_;  // borrowed; outlives this
  std::string temporary_;    // empty once published
  std::string path_;
};

class RemoteFileHost final : public sync::FileHost {
 public:
  RemoteFileHost(base::ssh::Target target, Options options, std::string sync_id, base::Random& random)
      : connection_(std::move(target)), options_(std::move(options)), sync_id_(std::move(sync_id)), random_(random) {}

  std::string Describe(std::string_view path) const override { return Cat(IdOf(path), " on ", connection_.host()); }
  std::string IdOf(std::string_view path) const override { return Cat(options_.directory, "/", path); }

  Result<std::optional<HostFile>> Find(const Call& call, const std::string& path) override {
    const auto session = connection_.Get(call);
    if (!session) return session.error();
    auto found = (*session)->Find(call, IdOf(path));
    if (!found) return std::move(found).error();
    if (!*found) return std::optional<HostFile>();
    return std::optional(
        HostFile{.is_regular = (*found)->regular, .mode = (*found)->mode, .content = std::move((*found)->content)});
  }

  Result<void> MakeFolders(const Call& call, const std::string& path) override {
    const auto session = connection_.Get(call);
    return session ? (*session)->MakeFolders(call, FolderOf(path)) : session.error();
  }

  Result<std::unique_ptr<sync::StagedHostFile>> Stage(const Call& call, const std::string& path, const Secret& content,
                                                      FileRole role) override {
    const auto session = connection_.Get(call);
    if (!session) return session.error();
    const std::string temporary =
        Cat(FolderOf(path), "/.", LastPart(path), kTemporaryMark, sync_id_, "-", base::Hex(random_.Bytes(6)), kTemporarySuffix);
    if (auto created = (*session)->Create(call, temporary, content, ModeOf(role)); !created) return std::move(created).error();
    return std::unique_ptr<sync::StagedHostFile>(std::make_unique<StagedRemoteFile>(connection_, temporary, IdOf(path)));
  }

  bool HasAttributes(const HostFile& file, FileRole role) const override { return file.mode == ModeOf(role); }

  Result<void> Remove(const Call& call, const std::string& path) override {
    const auto session = connection_.Get(call);
    return session ? (*session)->Remove(call, IdOf(path)) : session.error();
  }

  void RemoveEmptyFolders(const Call& call, const std::string& path) override {
    const auto session = connection_.Get(call);
    for (std::string folder = path; session && folder.find('/') != std::string::npos;) {
      folder = folder.substr(0, folder.rfind('/'));
      (*session)->RemoveEmptyFolder(call, IdOf(folder));
    }
  }

  // Only one sync changes files of this name at a time, so what others began with it they will not finish.
  void RemoveAbandoned(const Call& call, const std::vector<std::string>& paths) override {
    const auto session = connection_.Get(call);
    if (!session) return;
    const std::string folder = FolderOf(paths.front());
    const auto names = (*session)->List(call, folder);
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
      const bool is_left = name.ends_with(kTemporarySuffix) && std::any_of(paths.begin(), paths.end(), [&](const auto& path) {
                             return name.starts_with(Cat(".", LastPart(path), kTemporaryMark));
                           });
      if (!is_left || !(*session)->Remove(call, Cat(folder, "/", name))) continue;
      call.log.Info("temporary file of a killed run removed", {{base::key::kPath, Cat(folder, "/", name)}});
    }
  }

  Result<void> RunAfterChange(const Call& call) override { return RunProgram(call, sync::kAfterChange, options_.after_change); }
  bool HasHealthCheck() const override { return !options_.health_check.empty(); }
  Result<void> RunHealthCheck(const Call& call) override { return RunProgram(call, sync::kHealthCheck, options_.health_check); }

 private:
  Result<void> RunProgram(const Call& call, std::string_view field, const std::vector<std::string>& program) {
    if (program.empty()) return {};
    if (!options_.allow_exec) {
      return Error{base::ErrorKind::kDenied, Cat(field, " may not run a program: the provider's allow_exec is not true")};
    }
    const auto session = connection_.Get(call);
    if (!session) return session.error();
    return JudgeProgram(call, field, program.front(), (*session)->Run(call, MakeCommand(program)));
  }

  std::uint32_t ModeOf(FileRole role) const {
    return role == FileRole::kPrivateKey ? options_.private_key_mode : options_.certificate_mode;
  }
  std::string FolderOf(const std::string& path) const {
    const std::string whole = IdOf(path);
    return whole.substr(0, whole.rfind('/'));
  }
  static std::string LastPart(const std::string& path) { return path.substr(path.rfind('/') + 1); }

  LazySession connection_;
  const Options options_;
  const std::string sync_id_;
  base::Random& random_;  // borrowed; outlives this
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
  for (auto& problem : sync::FindFileLayoutProblems(settings)) problems.push_back(std::move(problem));
  for (const std::string_view field : {"certificate_mode", "private_key_mode"}) {
    note(field, sync::FileModeProblem(field, settings.Text(field)));
  }
  for (const std::string_view field : {sync::kAfterChange, sync::kHealthCheck}) note(field, ProgramProblem(settings, field));
  return problems;
}

Result<std::unique_ptr<sync::Destination>> Make(const Setup& setup) {
  const auto port = static_cast<std::uint16_t>(*setup.settings.Integer("port", 1, kMaxPort));
  auto target = MakeSshTarget(*setup.connection, std::string(setup.settings.Text("host")), port);
  if (!target) return std::move(target).error();
  std::string directory(setup.settings.Text("directory"));
  while (directory.ends_with('/')) directory.pop_back();
  sync::FileOptions files{.layout = *sync::FindFileLayout(sync::ReadFileChoice(setup.settings)),
                          .pkcs12_password = sync::FindPkcs12Password(setup.settings)};
  Options options{.directory = std::move(directory),
                  .certificate_mode = *sync::ParseFileMode(setup.settings.Text("certificate_mode")),
                  .private_key_mode = *sync::ParseFileMode(setup.settings.Text("private_key_mode")),
                  .after_change = ReadProgram(setup.settings, sync::kAfterChange),
                  .health_check = ReadProgram(setup.settings, sync::kHealthCheck),
                  .allow_exec = setup.deps.allow_exec};
  auto host = std::make_unique<RemoteFileHost>(*std::move(target), std::move(options), setup.sync_id, *setup.deps.random);
  return sync::MakeFileDestination(std::move(host), std::move(files), setup);
}

}  // namespace

constexpr DestinationSpec kHost{
    .kind = "ssh_host",
    .title = "Files on a machine (SSH)",
    .doc =
        "Writes each certificate as files into a directory of a machine that is reached by SSH, over SFTP: replaced in one step, "
        "never half written. The machine is known by its key. A hidden file beside them (`.<name>.certwright`) records which sync "
        "they belong to; files of others are never touched.",
    .connection = "ssh",
    .fields = kDestinationFields,
    .external_ids = [](const Settings&) { return sync::ExternalIds::kByName; },
    .max_concurrency = 1,  // one session
    .check_name = sync::CheckFileName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::ssh
