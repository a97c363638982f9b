// SPDX-License-Identifier: MPL-2.0
// Who one is at AWS, as the user says it. What is left empty is found out as the tools of AWS do it.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"

namespace engine::vendors::aws::auth {

struct AwsRole {
  std::string arn;
  std::string external_id{};
  std::string session_name{};  // empty: "certwright"
  std::chrono::seconds duration{3600};
  std::string source_identity{};
  std::string policy{};  // JSON; with the policies of these ARNs what the session may do at most
  std::vector<std::string> policy_arns{};
  std::map<std::string, std::string, std::less<>> tags{};
  std::vector<std::string> transitive_tag_keys{};

  bool operator==(const AwsRole&) const = default;
};

struct AwsSettings {
  std::string access_key_id{};  // with the secret: these credentials and no others
  base::Secret secret_access_key{};
  base::Secret session_token{};
  std::string profile{};  // of the shared files
  std::string region{};
  std::string endpoint_url{};                      // of every service
  std::optional<AwsRole> role{};                   // taken on with the credentials found
  std::vector<std::string> inherit_environment{};  // patterns of what a profile's credential_process gets
};

}  // namespace engine::vendors::aws::auth
