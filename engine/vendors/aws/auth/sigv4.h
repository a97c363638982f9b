// SPDX-License-Identifier: MPL-2.0
// AWS Signature Version 4, in headers (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
// Left out: signatures in the query string, chunked bodies, and S3, which does not normalise paths.
#pragma once

#include <optional>
#include <string>

#include "base/http/request.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::vendors::aws::auth {

struct AwsCredentials {
  std::string access_key_id;
  base::Secret secret_access_key;
  base::Secret session_token{};              // empty for long-term keys
  std::optional<base::TimePoint> expires{};  // empty: never

  bool operator==(const AwsCredentials&) const = default;
};

// What a signature is good for.
struct AwsScope {
  std::string region;
  std::string service;  // "route53"
};

// The request with X-Amz-Date, X-Amz-Security-Token (for temporary credentials) and Authorization added. Every header that is
// there is signed, but for those that proxies and libraries change. The query may be encoded in any way; '+' is a plus.
// Errors: kInvalid, the URL is not one.
base::Result<base::http::Request> SignAws(base::http::Request request, const AwsCredentials& credentials, const AwsScope& scope,
                                          base::TimePoint now);

}  // namespace engine::vendors::aws::auth
