// SPDX-License-Identifier: MPL-2.0
// How AWS's tools are configured: environment variables and the chosen profile of the shared files
// (docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "base/result.h"
#include "engine/vendors/aws/auth/profile.h"
#include "engine/vendors/aws/auth/settings.h"
#include "engine/vendors/aws/endpoint.h"

namespace engine::vendors::aws::auth {

struct AwsConfig {
  std::string profile_name;        // of the settings, else AWS_PROFILE, AWS_DEFAULT_PROFILE, "default"
  bool is_profile_chosen = false;  // it was named
  AwsSharedFiles files;
  base::EnvironmentReader environment;

  // What the chosen profile says; nothing if there is none.
  const AwsProfile& Profile() const;
  // The variable, else the setting of the chosen profile; empty if neither is set.
  std::optional<std::string> Find(const char* variable, std::string_view setting) const;
};

AwsConfig ReadAwsConfig(const AwsSettings& settings, const base::EnvironmentReader& environment);

// The same without the keys of its profiles, to be kept.
AwsConfig WithoutKeys(AwsConfig config);

// Of the settings, else AWS_REGION, AWS_DEFAULT_REGION, the profile's, us-east-1.
std::string FindAwsRegion(const AwsSettings& settings, const AwsConfig& config);

// Where `service` answers: the URL of the settings, else AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's `services`,
// its `endpoint_url`, else AWS's own, as FIPS or dual-stack one if that is configured.
// Errors: kInvalid, the configuration contradicts itself.
base::Result<AwsEndpoint> FindConfiguredEndpoint(std::string_view service, std::string_view region, const AwsSettings& settings,
                                                 const AwsConfig& config);

}  // namespace engine::vendors::aws::auth
