// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/credentials_json.h"

#include <utility>

#include "base/time_format.h"

namespace engine::vendors::aws::auth {

base::Result<AwsCredentials> ReadAwsCredentials(const base::Json& object, const AwsJsonNames& names) {
  auto key_id = base::GetString(object, names.key_id);
  if (!key_id) return std::move(key_id).error();
  auto secret = base::GetString(object, names.secret);
  if (!secret) return std::move(secret).error();
  AwsCredentials credentials{.access_key_id = *std::move(key_id),
                             .secret_access_key = base::Secret(*std::move(secret)),
                             .session_token = base::Secret(base::FindString(object, names.token).value_or("")),
                             .expires = base::ParseRfc3339(base::FindString(object, names.expiration).value_or(""))};
  if (const auto milliseconds = base::FindInteger(object, names.expiration)) {
    credentials.expires = base::TimePoint(std::chrono::milliseconds(*milliseconds));
  }
  return credentials;
}

}  // namespace engine::vendors::aws::auth
