// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/profile.h"

#include <optional>

#include "base/read_file.h"
#include "base/text.h"

namespace engine::vendors::aws::auth {
namespace {

using base::Cat;
using base::EnvironmentReader;
using base::Split;
using base::ToLower;
using base::Trim;

std::string_view Unquoted(std::string_view name) {
  name = Trim(name);
  const bool is_quoted = name.size() > 1 && name.front() == name.back() && (name.front() == '"' || name.front() == '\'');
  return is_quoted ? name.substr(1, name.size() - 2) : name;
}

// Where the settings below this heading belong; null for a section of no use here.
AwsProfile* FindSection(std::string_view heading, AwsFile file, AwsSharedFiles& files) {
  heading = Trim(heading);
  if (heading.empty()) return nullptr;
  if (file == AwsFile::kCredentials || heading == "default") return &files.profiles[std::string(heading)];
  const std::string_view kind = heading.substr(0, heading.find_first_of(" \t"));
  const std::string_view name = Unquoted(heading.substr(kind.size()));
  if (name.empty()) return nullptr;
  if (kind == "profile") return &files.profiles[std::string(name)];
  if (kind == "sso-session") return &files.sso_sessions[std::string(name)];
  return kind == "services" ? &files.services[std::string(name)] : nullptr;
}

// A comment behind a value begins with a space.
std::string_view WithoutComment(std::string_view value) {
  for (const std::string_view mark : {" #", " ;", "\t#", "\t;"}) value = value.substr(0, value.find(mark));
  return Trim(value);
}

void AddFile(const std::string& path, AwsFile file, AwsSharedFiles& files) {
  if (const auto content = base::ReadSmallFile(path)) ParseAwsFile(content->Reveal(), file, files);
}

}  // namespace

void ParseAwsFile(std::string_view text, AwsFile file, AwsSharedFiles& files) {
  AwsProfile* section = nullptr;
  std::string parent;
  for (const std::string& line : Split(text, '\n')) {
    const bool is_nested = line.starts_with(' ') || line.starts_with('\t');
    const std::string_view content = Trim(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    if (content.front() == '[' && !is_nested) {
      section = FindSection(content.substr(1, content.find(']') - 1), file, files);
      parent.clear();
      continue;
    }
    const std::size_t equals = content.find('=');
    if (section == nullptr || equals == std::string_view::npos) continue;
    const std::string name = ToLower(Trim(content.substr(0, equals)));
    if (!is_nested) parent = name;
    section->try_emplace(is_nested ? Cat(parent, ".", name) : name, WithoutComment(content.substr(equals + 1)));
  }
}

AwsSharedFiles ReadAwsSharedFiles(const EnvironmentReader& environment) {
  const std::string folder = environment("HOME").value_or("") + "/.aws/";
  AwsSharedFiles files;
  AddFile(environment("AWS_SHARED_CREDENTIALS_FILE").value_or(folder + "credentials"), AwsFile::kCredentials, files);
  AddFile(environment("AWS_CONFIG_FILE").value_or(folder + "config"), AwsFile::kConfig, files);
  return files;
}

std::string_view FindSetting(const AwsProfile& profile, std::string_view setting) {
  const auto found = profile.find(setting);
  return found == profile.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace engine::vendors::aws::auth
