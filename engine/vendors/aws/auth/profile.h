// SPDX-License-Identifier: MPL-2.0
// The shared files of AWS's tools, ~/.aws/credentials and ~/.aws/config
// (docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/environment.h"

namespace engine::vendors::aws::auth {

using AwsProfile = std::map<std::string, std::string, std::less<>>;
using AwsSections = std::map<std::string, AwsProfile, std::less<>>;

struct AwsSharedFiles {
  AwsSections profiles;
  AwsSections sso_sessions;
  AwsSections services;
};

enum class AwsFile { kCredentials, kConfig };

// Adds what the file says; what is there already stays. Settings are lower-cased, a nested one is called "acm.endpoint_url";
// lines that are no setting and other sections are left out.
void ParseAwsFile(std::string_view text, AwsFile file, AwsSharedFiles& files);

// Both files, where AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE say, else in HOME; a missing one counts as empty.
AwsSharedFiles ReadAwsSharedFiles(const base::EnvironmentReader& environment);

// The setting; empty when the profile lacks it.
std::string_view FindSetting(const AwsProfile& profile, std::string_view setting);

}  // namespace engine::vendors::aws::auth
