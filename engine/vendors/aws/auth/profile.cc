// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/profile.h"

#include <optional>

#include "base/read_file.h"
#include "base/text.h"

namespace engine::vendors::aws::auth {
namespace {

using base::EnvironmentReader;
using base::Split;
using base::ToLower;
using base::Trim;

// The profile's name; empty for another section.
std::string_view NameOf(std::string_view section, AwsFile file) {
  constexpr std::string_view kPrefix = "profile ";
  section = Trim(section);
  if (file == AwsFile::kCredentials || section == "default") return section;
  return section.starts_with(kPrefix) ? Trim(section.substr(kPrefix.size())) : std::string_view();
}

// A comment behind a value begins with a space.
std::string_view WithoutComment(std::string_view value) {
  for (const std::string_view mark : {" #", " ;", "\t#", "\t;"}) value = value.substr(0, value.find(mark));
  return Trim(value);
}

void AddProfiles(const std::string& path, AwsFile file, AwsProfiles& profiles) {
  if (const auto content = base::ReadSmallFile(path)) ParseAwsProfiles(content->Reveal(), file, profiles);
}

}  // namespace

void ParseAwsProfiles(std::string_view text, AwsFile file, AwsProfiles& profiles) {
  AwsProfile* profile = nullptr;
  for (const std::string& line : Split(text, '\n')) {
    const bool is_nested = line.starts_with(' ') || line.starts_with('\t');
    const std::string_view content = Trim(line);
    if (content.empty() || content.front() == '#' || content.front() == ';' || is_nested) continue;
    if (content.front() == '[') {
      const std::string_view name = NameOf(content.substr(1, content.find(']') - 1), file);
      profile = name.empty() ? nullptr : &profiles[std::string(name)];
      continue;
    }
    const std::size_t equals = content.find('=');
    if (profile == nullptr || equals == std::string_view::npos) continue;
    profile->try_emplace(ToLower(Trim(content.substr(0, equals))), WithoutComment(content.substr(equals + 1)));
  }
}

AwsProfiles ReadAwsProfiles(const EnvironmentReader& environment) {
  const std::string folder = environment("HOME").value_or("") + "/.aws/";
  AwsProfiles profiles;
  AddProfiles(environment("AWS_SHARED_CREDENTIALS_FILE").value_or(folder + "credentials"), AwsFile::kCredentials, profiles);
  AddProfiles(environment("AWS_CONFIG_FILE").value_or(folder + "config"), AwsFile::kConfig, profiles);
  return profiles;
}

std::string_view FindSetting(const AwsProfile& profile, std::string_view setting) {
  const auto found = profile.find(setting);
  return found == profile.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace engine::vendors::aws::auth
