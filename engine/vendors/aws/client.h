// SPDX-License-Identifier: MPL-2.0
// One request to AWS, signed anew for each attempt.
#pragma once

#include <string_view>

#include "base/call.h"
#include "base/http/client.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "engine/vendors/aws/auth/sigv4.h"

namespace engine::vendors::aws {

// The response, if it is a success. Retries as http::Fetch, and what AWS throttles with status 400. Without credentials (null)
// the request goes out unsigned. Errors: those of Transport::Send and ParseAwsError, which names `action` ("listing the zones").
base::Result<base::http::Response> SendAws(const base::Call& call, base::http::Transport& transport, const auth::AwsScope& scope,
                                           const auth::AwsCredentials* credentials, const base::http::Request& request,
                                           std::string_view action);

}  // namespace engine::vendors::aws
