// SPDX-License-Identifier: MPL-2.0
// Where credentials come from: what the settings say, else what AWS's own tools would find
// (docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html). Left out, with an error that says so: multi-factor
// devices, and logins of IAM Identity Center that have expired. Where AWS's tools disagree on which of two things goes first, the
// error asks to leave one of them out.
#pragma once

#include "base/call.h"
#include "base/environment.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "engine/vendors/aws/auth/credential_process.h"
#include "engine/vendors/aws/auth/settings.h"
#include "engine/vendors/aws/auth/sigv4.h"
#include "engine/vendors/aws/auth/sso.h"
#include "engine/vendors/aws/auth/sts.h"

namespace engine::vendors::aws::auth {

// What the sources are asked with.
struct AwsSources {
  AwsSts sts;
  SsoEndpointFinder find_sso{};
  AwsProgramRunner run{};
};

// In this order: access key; profile; else environment, web identity (EKS, CI runners), the profile that the environment chooses
// or "default", container, EC2 instance. Then the role of the settings is taken on. Blocks on the network.
// Errors: kInvalid (none found: error.details says where it was looked and what was there), kDenied, kUnavailable, kProtocol.
base::Result<AwsCredentials> FetchAwsCredentials(const base::Call& call, const AwsSources& sources, const AwsSettings& settings,
                                                 const base::EnvironmentReader& environment);

}  // namespace engine::vendors::aws::auth
