// SPDX-License-Identifier: MPL-2.0
// Credentials that AWS hands to programs on its own machines: containers (ECS, EKS Pod Identity) and EC2 instances (IMDSv2).
#pragma once

#include "base/call.h"
#include "base/environment.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "engine/vendors/aws/auth/config.h"
#include "engine/vendors/aws/auth/sigv4.h"

namespace engine::vendors::aws::auth {

// From AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI. Errors: kNotFound (neither is set), kInvalid (an address that must
// not get the token), kDenied, kUnavailable, kProtocol.
base::Result<AwsCredentials> FetchContainerCredentials(const base::Call& call, base::http::Transport& transport,
                                                       const base::EnvironmentReader& environment);

// Of the instance's role, from the address that the environment or the profile gives, over IPv6 if one of them says so. Errors:
// kNotFound (switched off, no answer within two seconds, no role), kInvalid (an unknown mode), kProtocol.
base::Result<AwsCredentials> FetchInstanceCredentials(const base::Call& call, base::http::Transport& transport,
                                                      const AwsConfig& config);

}  // namespace engine::vendors::aws::auth
