// SPDX-License-Identifier: MPL-2.0
// Temporary credentials as JSON, which services and programs call by different names.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "engine/vendors/aws/auth/sigv4.h"

namespace engine::vendors::aws::auth {

struct AwsJsonNames {
  std::string_view key_id;
  std::string_view secret;
  std::string_view token;       // may be absent
  std::string_view expiration;  // RFC 3339, or milliseconds since 1970; may be absent
};

// Errors: kProtocol, one is missing.
base::Result<AwsCredentials> ReadAwsCredentials(const base::Json& object, const AwsJsonNames& names);

}  // namespace engine::vendors::aws::auth
