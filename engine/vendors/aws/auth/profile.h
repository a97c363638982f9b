// SPDX-License-Identifier: MPL-2.0
// The shared files of AWS's tools, ~/.aws/credentials and ~/.aws/config
// (docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "engine/vendors/aws/auth/settings.h"

namespace engine::vendors::aws::auth {

using AwsProfile = std::map<std::string, std::string, std::less<>>;
using AwsProfiles = std::map<std::string, AwsProfile, std::less<>>;

enum class AwsFile { kCredentials, kConfig };

// Adds what the file says; what a profile has already stays. Settings are lower-cased; nested ones and lines that are no setting
// are passed over. A section that is no profile ("sso-session x") is left out.
void ParseAwsProfiles(std::string_view text, AwsFile file, AwsProfiles& profiles);

// Both files, where AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE say, else in HOME; a missing one counts as empty.
AwsProfiles ReadAwsProfiles(const base::EnvironmentReader& environment);

// The setting; empty when the profile lacks it.
std::string_view FindSetting(const AwsProfile& profile, std::string_view setting);

}  // namespace engine::vendors::aws::auth
