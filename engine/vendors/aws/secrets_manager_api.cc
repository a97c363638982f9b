// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/secrets_manager_api.h"

#include <algorithm>

#include "base/text.h"
#include "base/without_value.h"
#include "engine/vendors/aws/json_call.h"

namespace engine::vendors::aws {
namespace {

using base::Call;
using base::Cat;
using base::FindMember;
using base::FindString;
using base::GetString;
using base::Json;
using base::Result;
using base::Secret;

constexpr int kSecretsPerPage = 100;  // the most that it gives
constexpr std::string_view kDescription = "Certificate managed by Certwright";

// {"<version id>": ["AWSCURRENT"], …}: of DescribeSecret and of ListSecrets, which call it differently.
std::string CurrentVersion(const Json& secret) {
  for (const std::string_view name : {"VersionIdsToStages", "SecretVersionsToStages"}) {
    const Json* versions = FindMember(secret, name);
    if (versions == nullptr || !versions->is_object()) continue;
    for (const auto& [id, stages] : versions->items()) {
      if (stages.is_array() && std::find(stages.begin(), stages.end(), "AWSCURRENT") != stages.end()) return id;
    }
  }
  return {};
}

SecretDetails DetailsOf(const Json& secret) {
  return {.arn = FindString(secret, "ARN").value_or(""),
          .version_id = CurrentVersion(secret),
          .tags = FindTags(secret, "Tags"),
          .kms_key_id = FindString(secret, "KmsKeyId").value_or(""),
          .is_in_deletion = FindMember(secret, "DeletedDate") != nullptr};
}

Json Filter(std::string_view key, std::string_view value) { return {{"Key", key}, {"Values", Json::array({value})}}; }

}  // namespace

Result<Json> SecretsManagerApi::Send(const Call& call, std::string_view action, const Json& body, std::string_view doing) const {
  return SendAwsJson(
      call, *session_, *transport_,
      {.service = "secretsmanager", .region = region_, .target = Cat("secretsmanager.", action), .body = body, .doing = doing});
}

Result<std::string> SecretsManagerApi::Create(const Call& call, std::string_view name, const SecretVersion& version,
                                              std::string_view kms_key_id, const AwsTags& tags) const {
  Json body{{"Name", name},
            {"Description", kDescription},
            {"ClientRequestToken", version.id},
            {"SecretString", version.text.Reveal()},
            {"Tags", ToJson(tags)}};
  if (!kms_key_id.empty()) body["KmsKeyId"] = kms_key_id;
  const auto answer = Send(call, "CreateSecret", body, Cat("making the secret ", name));
  return answer ? GetString(*answer, "ARN") : Result<std::string>(answer.error());
}

Result<void> SecretsManagerApi::Update(const Call& call, const std::string& id, const SecretVersion& version,
                                       std::string_view kms_key_id) const {
  Json body{{"SecretId", id}, {"ClientRequestToken", version.id}, {"SecretString", version.text.Reveal()}};
  if (!kms_key_id.empty()) body["KmsKeyId"] = kms_key_id;
  return WithoutValue(Send(call, "UpdateSecret", body, Cat("writing the secret ", id)));
}

Result<SecretDetails> SecretsManagerApi::Describe(const Call& call, const std::string& id) const {
  const auto answer = Send(call, "DescribeSecret", {{"SecretId", id}}, Cat("describing the secret ", id));
  return answer ? DetailsOf(*answer) : Result<SecretDetails>(answer.error());
}

Result<SecretVersion> SecretsManagerApi::GetCurrent(const Call& call, const std::string& id) const {
  const auto answer = Send(call, "GetSecretValue", {{"SecretId", id}}, Cat("reading the secret ", id));
  if (!answer) return answer.error();
  return SecretVersion{.id = FindString(*answer, "VersionId").value_or(""),
                       .text = Secret(FindString(*answer, "SecretString").value_or(""))};
}

Result<std::map<std::string, SecretDetails>> SecretsManagerApi::List(const Call& call, std::string_view key,
                                                                     std::string_view value) const {
  std::map<std::string, SecretDetails> secrets;
  Json body{{"MaxResults", kSecretsPerPage}, {"Filters", Json::array({Filter("tag-key", key), Filter("tag-value", value)})}};
  for (;;) {
    const auto answer = Send(call, "ListSecrets", body, "listing the secrets");
    if (!answer) return answer.error();
    const Json* list = FindMember(*answer, "SecretList");
    for (const Json& one : list != nullptr && list->is_array() ? *list : Json::array()) {
      SecretDetails details = DetailsOf(one);
      if (!details.is_in_deletion) secrets.emplace(details.arn, details);
    }
    const std::string next = FindString(*answer, "NextToken").value_or("");
    if (next.empty()) return secrets;
    body["NextToken"] = next;
  }
}

Result<void> SecretsManagerApi::AddTags(const Call& call, const std::string& id, const AwsTags& tags) const {
  return WithoutValue(Send(call, "TagResource", {{"SecretId", id}, {"Tags", ToJson(tags)}}, Cat("tagging the secret ", id)));
}

Result<void> SecretsManagerApi::Restore(const Call& call, const std::string& id) const {
  return WithoutValue(Send(call, "RestoreSecret", {{"SecretId", id}}, Cat("restoring the secret ", id)));
}

Result<void> SecretsManagerApi::Delete(const Call& call, const std::string& id, int days) const {
  const Json body{{"SecretId", id}, {"RecoveryWindowInDays", days}};
  return WithoutValue(Send(call, "DeleteSecret", body, Cat("the deletion of the secret ", id)));
}

}  // namespace engine::vendors::aws
