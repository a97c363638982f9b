// SPDX-License-Identifier: MPL-2.0
// IAM Identity Center: with the login that `aws sso login` left, one request gives the credentials of a role
// (docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html), and credentials that `aws login`
// left. Left out: renewing a login that has expired, which the errors ask the user for.
#pragma once

#include <functional>
#include <string>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "engine/vendors/aws/auth/config.h"
#include "engine/vendors/aws/auth/sigv4.h"

namespace engine::vendors::aws::auth {

// Where IAM Identity Center answers in a region.
using SsoEndpointFinder = std::function<base::Result<AwsEndpoint>(const std::string& region)>;

// True if the profile gets its credentials from IAM Identity Center.
bool UsesSso(const AwsProfile& profile);

// Of the role that the profile `name`, which is there, names. Errors: kInvalid (settings that are missing or contradict each
// other), kDenied (nobody is logged in, or not any more; the role is refused), those of SendAws. Blocks.
base::Result<AwsCredentials> FetchSsoCredentials(const base::Call& call, base::http::Transport& transport,
                                                 const AwsConfig& config, const std::string& name,
                                                 const SsoEndpointFinder& find_endpoint);

// What `aws login` left for the profile `name`. Errors: kDenied (nobody is logged in, or not any more), kProtocol.
base::Result<AwsCredentials> ReadLoginCredentials(const base::Call& call, const AwsConfig& config, const std::string& name);

}  // namespace engine::vendors::aws::auth
