// SPDX-License-Identifier: MPL-2.0
// AWS's Security Token Service: roles (docs.aws.amazon.com/STS/latest/APIReference).
#pragma once

#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "engine/vendors/aws/auth/settings.h"
#include "engine/vendors/aws/auth/sigv4.h"

namespace engine::vendors::aws::auth {

// Where STS answers; `http` is borrowed.
struct AwsSts {
  base::http::Transport& http;
  std::string url;
  std::string region;
};

// Temporary credentials. Errors: kDenied (not allowed to take on the role), kProtocol, those of SendAws. Blocks on the network.
base::Result<AwsCredentials> AssumeRole(const base::Call& call, const AwsSts& sts, const AwsCredentials& credentials,
                                        const AwsRole& role);
// `token`: an OpenID Connect token that the role trusts.
base::Result<AwsCredentials> AssumeRoleWithWebIdentity(const base::Call& call, const AwsSts& sts, const AwsRole& role,
                                                       const base::Secret& token);

}  // namespace engine::vendors::aws::auth
