// SPDX-License-Identifier: MPL-2.0
// What AWS says when it refuses: XML (Route 53, STS, load balancers) or JSON (Certificate Manager, Secrets Manager).
#pragma once

#include <string>
#include <string_view>

#include "base/http/request.h"
#include "base/result.h"

namespace engine::vendors::aws {

// The error of a response that is no success: `code` is AWS's own ("NoSuchHostedZone"), the message names `action`, AWS's words
// and the code; where AWS says more than one thing, all of it is in details. The kind follows the code, and the status where the
// code is not known: AWS says "slow down" with 400. retry_after as the response says, which it rarely does.
base::Error ParseAwsError(const base::http::Response& response, std::string_view action, base::TimePoint now);

}  // namespace engine::vendors::aws
