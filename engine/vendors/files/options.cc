// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/files/options.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <vector>

#include "base/home_folder.h"
#include "base/os/accounts.h"
#include "base/text.h"
#include "engine/sync/after_change.h"
#include "engine/sync/file_placement.h"

namespace engine::vendors::files {
namespace {

using base::ErrorKind;
using sync::Settings;
using sync::Setup;

std::optional<std::uint32_t> ParseNumber(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string DirectoryProblem(std::string_view directory) {
  if (directory.empty()) return "Name the directory that the files go to.";
  if (directory.starts_with('~') && directory != "~" && !directory.starts_with("~/")) {
    return "Only \"~/…\", the home directory of whoever runs Terraform, is expanded.";
  }
  if (directory.find('\0') != std::string_view::npos) return "A path holds no NUL character.";
  return {};
}

base::Error Unknown(std::string_view what, std::string_view name) {
  return base::Error{ErrorKind::kInvalid,
                     base::Cat("there is no ", what, " \"", base::Printable(name, 40), "\" on this machine")};
}

}  // namespace

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  const auto note = [&](std::string_view field, std::string message) {
    if (!message.empty()) problems.push_back({std::string(field), std::move(message)});
  };
  // A directory that is not known yet is absent.
  if (settings.Has("directory")) note("directory", DirectoryProblem(settings.Text("directory")));
  for (auto& problem : sync::FindFileLayoutProblems(settings)) problems.push_back(std::move(problem));
  for (const std::string_view field : {"certificate_mode", "private_key_mode", "directory_mode"}) {
    note(field, sync::FileModeProblem(field, settings.Text(field)));
  }
  for (const std::string_view field : {sync::kAfterChange, sync::kHealthCheck})
    note(field, sync::ProgramProblem(settings, field));
  for (auto& [field, message] : connections::FindEnvironmentProblems(settings)) note(field, std::move(message));
  return problems;
}

base::Result<Options> ReadOptions(const Setup& setup) {
  std::error_code failure;
  auto directory = std::filesystem::absolute(base::ExpandHome(setup.settings.Text("directory")), failure).lexically_normal();
  if (failure) return base::Error{ErrorKind::kUnavailable, "the directory that Terraform runs in is gone"};
  if (!directory.has_filename() && directory.has_relative_path()) directory = directory.parent_path();
  return Options{.directory = directory.string(),
                 .layout = *sync::FindFileLayout(sync::ReadFileChoice(setup.settings)),
                 .pkcs12_password = sync::FindPkcs12Password(setup.settings),
                 .certificate_mode = *sync::ParseFileMode(setup.settings.Text("certificate_mode")),
                 .private_key_mode = *sync::ParseFileMode(setup.settings.Text("private_key_mode")),
                 .directory_mode = *sync::ParseFileMode(setup.settings.Text("directory_mode")),
                 .owner = std::string(setup.settings.Text("owner")),
                 .group = std::string(setup.settings.Text("group")),
                 .after_change = {.arguments = sync::ReadProgram(setup.settings, sync::kAfterChange),
                                  .environment = connections::ReadProgramEnvironment(setup.settings)},
                 .health_check = {.arguments = sync::ReadProgram(setup.settings, sync::kHealthCheck),
                                  .environment = connections::ReadProgramEnvironment(setup.settings)}};
}

base::Result<Ids> ResolveIds(const Options& options) {
  Ids ids{.owner = ParseNumber(options.owner), .group = ParseNumber(options.group)};
  if (!options.owner.empty() && !ids.owner) {
    ids.owner = base::os::FindUserId(options.owner);
    if (!ids.owner) return Unknown("user", options.owner);
  }
  if (!options.group.empty() && !ids.group) {
    ids.group = base::os::FindGroupId(options.group);
    if (!ids.group) return Unknown("group", options.group);
  }
  return ids;
}

}  // namespace engine::vendors::files
