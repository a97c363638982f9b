// SPDX-License-Identifier: MPL-2.0
// Who one is at AWS, as the user says it. What is left empty is found out as the tools of AWS do it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/secret.h"

namespace engine::vendors::aws::auth {

struct AwsRole {
  std::string arn;
  std::string external_id{};
  std::string session_name{};  // empty: "certwright"
  std::chrono::seconds duration{3600};
};

struct AwsSettings {
  std::string access_key_id{};  // with the secret: these credentials and no others
  base::Secret secret_access_key{};
  base::Secret session_token{};
  std::string profile{};  // of the shared files
  std::string region{};
  std::string endpoint_url{};     // of every service
  std::optional<AwsRole> role{};  // taken on with the credentials found
};

}  // namespace engine::vendors::aws::auth
