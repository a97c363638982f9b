// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_placement.h"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/text.h"
#include "engine/sync/after_change.h"

namespace engine::sync::destinations::local_files {
namespace {

using base::ErrorKind;

constexpr std::size_t kMaxNamePart = 200;  // a file name has 255 bytes; suffixes and the temporary name need some
constexpr std::uint32_t kWorld = 0007;

std::string_view Get(const Settings& settings, std::string_view name) {
  if (const auto found = settings.find(name); found != settings.end()) return found->second;
  const auto field = std::find_if(kFields.begin(), kFields.end(), [&](const base::ConfigField& one) { return one.name == name; });
  return field->default_value;
}

std::optional<std::uint32_t> ParseNumber(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string DirectoryProblem(std::string_view directory) {
  if (directory.empty()) return "Name the directory that the files go to.";
  if (directory.starts_with('~')) return "Terraform does not expand \"~\"; write pathexpand(\"~/…\").";
  if (directory.find('\0') != std::string_view::npos) return "A path holds no NUL character.";
  return {};
}

// Calls getpwnam_r or getgrnam_r: they do not share a buffer between threads as the plain ones do.
template <typename Entry, typename Lookup>
bool FindEntry(const std::string& name, Lookup lookup, Entry& entry) {
  std::vector<char> buffer(65536);
  Entry* found = nullptr;
  return lookup(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 && found;
}

base::Error Unknown(std::string_view what, std::string_view name) {
  return base::Error{ErrorKind::kInvalid,
                     base::Cat("there is no ", what, " \"", base::Printable(name, 40), "\" on this machine")};
}

}  // namespace

std::optional<std::uint32_t> ParseMode(std::string_view text) {
  std::uint32_t mode = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (!whole || text.size() < 3 || text.size() > 4 || mode > 0777) return std::nullopt;
  return mode;
}

std::string ModeProblem(std::string_view field, std::string_view text) {
  const auto mode = ParseMode(text);
  if (!mode)
    return base::Cat('"', base::Printable(text, 20), "\" is no file mode; write three or four octal digits, as in \"0640\".");
  const bool to_all = field == "private_key_mode" && (*mode & kWorld) != 0;
  if (to_all) return "This would let every user of the machine at the private key; the last digit must be 0, as in \"0640\".";
  return {};
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  const auto note = [&](std::string_view field, std::string message) {
    if (!message.empty()) problems.push_back({std::string(field), std::move(message)});
  };
  // A directory that is not known yet is absent.
  if (settings.contains("directory")) note("directory", DirectoryProblem(Get(settings, "directory")));
  note("layout", LayoutProblem(Get(settings, "layout")));
  for (const std::string_view field : {"certificate_mode", "private_key_mode", "directory_mode"}) {
    note(field, ModeProblem(field, Get(settings, field)));
  }
  note("after_change", ProgramProblem(settings));
  return problems;
}

std::string CheckName(std::string_view name) {
  for (const std::string& part : base::Split(name, '/')) {
    const auto quoted = [&] { return base::Cat("the name \"", base::Printable(name, 60), "\" "); };
    if (part.empty()) return quoted() + "begins or ends with \"/\" or has two in a row, which is no file name";
    if (part == "." || part == ".." || part.find('\0') != std::string::npos) return quoted() + "leads out of the directory";
    if (part.size() > kMaxNamePart) return quoted() + "has a part of over 200 characters, which is too long for a file name";
  }
  return {};
}

base::Result<Options> ReadOptions(const Setup& setup) {
  const Settings& settings = setup.settings;
  std::error_code failure;
  auto directory = std::filesystem::absolute(Get(settings, "directory"), failure).lexically_normal();
  if (failure) return base::Error{ErrorKind::kUnavailable, "the directory that Terraform runs in is gone"};
  if (!directory.has_filename() && directory.has_relative_path()) directory = directory.parent_path();
  return Options{.directory = directory.string(),
                 .layout = FindLayout(Get(settings, "layout")),
                 .pkcs12_password = FindSecret(setup.secrets, kPkcs12PasswordField.name),
                 .certificate_mode = *ParseMode(Get(settings, "certificate_mode")),
                 .private_key_mode = *ParseMode(Get(settings, "private_key_mode")),
                 .directory_mode = *ParseMode(Get(settings, "directory_mode")),
                 .owner = std::string(Get(settings, "owner")),
                 .group = std::string(Get(settings, "group")),
                 .after_change = ReadProgram(settings)};
}

base::Result<std::string> AdoptedName(std::string_view directory, const Layout& layout, std::string_view path,
                                      Adoption adoption) {
  const std::string_view suffix = layout.leaf_file().suffix;
  const std::string folder = base::Cat(directory, "/");
  const bool fits = path.size() > folder.size() + suffix.size() && path.starts_with(folder) && path.ends_with(suffix);
  if (!fits) {
    return base::Error{ErrorKind::kInvalid,
                       base::Cat("it is no file ", folder, "…", suffix, ", as this directory and layout make it")};
  }
  if (adoption == Adoption::kMarked) {
    return base::Error{ErrorKind::kConflict, "files carry no mark that would show who wrote them"};
  }
  return std::string(path.substr(folder.size(), path.size() - folder.size() - suffix.size()));
}

base::Result<Ids> ResolveIds(const Options& options) {
  Ids ids{.owner = ParseNumber(options.owner), .group = ParseNumber(options.group)};
  if (!options.owner.empty() && !ids.owner) {
    passwd entry{};
    if (!FindEntry(options.owner, getpwnam_r, entry)) return Unknown("user", options.owner);
    ids.owner = entry.pw_uid;
  }
  if (!options.group.empty() && !ids.group) {
    group entry{};
    if (!FindEntry(options.group, getgrnam_r, entry)) return Unknown("group", options.group);
    ids.group = entry.gr_gid;
  }
  return ids;
}

}  // namespace engine::sync::destinations::local_files
