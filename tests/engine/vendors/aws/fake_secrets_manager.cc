// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/aws/fake_secrets_manager.h"

#include <algorithm>

#include "base/text.h"
#include "tests/engine/vendors/aws/auth/signature_check.h"
#include "tests/engine/vendors/aws/tag_list.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;

Response SecretsManagerError(std::string_view type, std::string_view message) {
  return JsonAnswer(400, {{"__type", type}, {"Message", message}});
}

bool IsToken(const std::string& token) { return token.size() >= 32 && token.size() <= 64; }

Response InDeletion() {
  return SecretsManagerError("InvalidRequestException",
                             "You can't perform this operation on the secret because it was marked for deletion.");
}

// AWS's own key is as good as none: no answer names it.
std::string KeyIn(const base::Json& body) {
  const std::string key = body.value("KmsKeyId", "");
  return key == "alias/aws/secretsmanager" ? std::string() : key;
}

}  // namespace

std::string FakeSecretsManager::Add(const Item& item) {
  std::lock_guard lock(mutex_);
  const std::string arn = Cat("arn:aws:secretsmanager:eu-west-1:123456789012:secret:", item.name, "-", 100000 + ++made_);
  items_[arn] = item;
  return arn;
}

FakeSecretsManager::Item FakeSecretsManager::Get(const std::string& arn) const {
  std::lock_guard lock(mutex_);
  return items_.at(arn);
}

void FakeSecretsManager::Overwrite(const std::string& arn, const std::string& text) {
  std::lock_guard lock(mutex_);
  Item& item = items_.at(arn);
  item.text = text;
  item.version = Cat("ffffffff-ffff-ffff-ffff-", 100000000000 + ++made_);
  item.versions[item.version] = text;
}

void FakeSecretsManager::SetTags(const std::string& arn, std::map<std::string, std::string> tags) {
  std::lock_guard lock(mutex_);
  items_.at(arn).tags = std::move(tags);
}

void FakeSecretsManager::Erase(const std::string& arn) {
  std::lock_guard lock(mutex_);
  items_.erase(arn);
}

std::string FakeSecretsManager::Snapshot() const {
  std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& [arn, item] : items_) {
    if (item.days_to_live == 0) all += Cat(arn, item.text, item.version, item.kms_key_id, TagList(item.tags).dump(), '\n');
  }
  return all;
}

void FakeSecretsManager::DenyNext(std::set<std::string> actions) {
  std::lock_guard lock(mutex_);
  denied_ = std::move(actions);
}

void FakeSecretsManager::LetListLag() {
  std::lock_guard lock(mutex_);
  list_lags_ = true;
  listed_ = items_;
}

std::size_t FakeSecretsManager::CountActions(const std::string& action) const {
  std::lock_guard lock(mutex_);
  const auto found = actions_.find(action);
  return found == actions_.end() ? 0 : found->second;
}

// The ARN of a secret by its ARN or name; empty when there is none.
std::string FakeSecretsManager::Find(const std::string& id) const {
  for (const auto& [arn, item] : items_) {
    if (arn == id || item.name == id) return arn;
  }
  return {};
}

Response FakeSecretsManager::Answer(const ApiRequest& request) {
  const AwsSigner signer{.key_id = kKeyId, .secret = kSecret, .region = kRegion, .service = "secretsmanager"};
  if (const std::string wrong = CheckAwsSignature(*request.whole, signer); !wrong.empty())
    return SecretsManagerError(wrong, "refused");
  const std::string target = request.Header("X-Amz-Target");
  const bool is_right = target.starts_with("secretsmanager.") && request.Header("Content-Type") == "application/x-amz-json-1.1";
  if (!is_right || request.method != "POST" || request.path != "/") return SecretsManagerError("UnknownOperationException", "");
  const std::string action = target.substr(target.find('.') + 1);
  ++actions_[action];
  if (denied_.contains(action)) {
    denied_.clear();
    return SecretsManagerError("AccessDeniedException", "User is not authorized to perform the action");
  }
  const Json body = request.Body();
  if (action == "CreateSecret") return Create(body);
  return action == "ListSecrets" ? List(body) : Act(action, body);
}

Response FakeSecretsManager::Create(const Json& body) {
  const std::string name = body.at("Name").get<std::string>();
  const std::string token = body.at("ClientRequestToken").get<std::string>();
  const std::string text = body.at("SecretString").get<std::string>();
  if (!IsToken(token))
    return SecretsManagerError("InvalidParameterException", "ClientRequestToken must be 32-64 characters long.");
  if (const std::string arn = Find(name); !arn.empty()) {
    const Item& there = items_.at(arn);
    if (there.days_to_live > 0) {
      return SecretsManagerError(
          "InvalidRequestException",
          "You can't create this secret because a secret with this name is already scheduled for deletion.");
    }
    const bool is_again = there.versions.contains(token) && there.versions.at(token) == text;
    if (is_again) return JsonAnswer(200, {{"ARN", arn}, {"Name", name}, {"VersionId", token}});
    return SecretsManagerError("ResourceExistsException",
                               Cat("The operation failed because the secret ", name, " already exists."));
  }
  const std::string arn = Cat("arn:aws:secretsmanager:eu-west-1:123456789012:secret:", name, "-", 100000 + ++made_);
  Item item{.name = name, .text = text, .version = token, .kms_key_id = KeyIn(body)};
  item.versions[token] = text;
  if (body.contains("Tags")) AddTags(body.at("Tags"), item.tags);
  items_[arn] = std::move(item);
  return JsonAnswer(200, {{"ARN", arn}, {"Name", name}, {"VersionId", token}});
}

Response FakeSecretsManager::Act(const std::string& action, const Json& body) {
  const std::string arn = Find(body.value("SecretId", ""));
  if (arn.empty()) return SecretsManagerError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  Item& item = items_.at(arn);
  const Json names{{"ARN", arn}, {"Name", item.name}};
  if (action == "DescribeSecret") {
    Json answer = names;
    answer["VersionIdsToStages"] = {{item.version, {"AWSCURRENT"}}};
    answer["Tags"] = TagList(item.tags);
    if (!item.kms_key_id.empty()) answer["KmsKeyId"] = item.kms_key_id;
    if (item.days_to_live > 0) answer["DeletedDate"] = 1'800'000'000.5;
    return JsonAnswer(200, answer);
  }
  if (action == "RestoreSecret") {
    item.days_to_live = 0;
    return JsonAnswer(200, names);
  }
  if (item.days_to_live > 0) return InDeletion();
  if (action == "UpdateSecret") return Update(item, body);
  if (action == "GetSecretValue") {
    return JsonAnswer(200, {{"ARN", arn}, {"VersionId", item.version}, {"SecretString", item.text}});
  }
  if (action == "TagResource") {
    AddTags(body.at("Tags"), item.tags);
    return {.status = 200};
  }
  if (action != "DeleteSecret") return SecretsManagerError("AccessDeniedException", Cat("the policy does not allow ", action));
  const int days = body.value("RecoveryWindowInDays", 30);
  if (body.contains("ForceDeleteWithoutRecovery")) return SecretsManagerError("AccessDeniedException", "the test forbids it");
  if (days < 7 || days > 30)
    return SecretsManagerError("InvalidParameterException", "RecoveryWindowInDays must be between 7 and 30 days.");
  item.days_to_live = days;
  return JsonAnswer(200, names);
}

Response FakeSecretsManager::Update(Item& item, const Json& body) {
  const std::string token = body.at("ClientRequestToken").get<std::string>();
  const std::string text = body.at("SecretString").get<std::string>();
  if (!IsToken(token))
    return SecretsManagerError("InvalidParameterException", "ClientRequestToken must be 32-64 characters long.");
  if (item.versions.contains(token) && item.versions.at(token) != text) {
    return SecretsManagerError("ResourceExistsException",
                               "You can't use ClientRequestToken because that value is already in use.");
  }
  item.versions[token] = item.text = text;
  item.version = token;
  if (body.contains("KmsKeyId")) item.kms_key_id = KeyIn(body);
  return JsonAnswer(200, {{"Name", item.name}, {"VersionId", token}});
}

// Pages of two.
Response FakeSecretsManager::List(const Json& body) const {
  const auto& items = list_lags_ ? listed_ : items_;
  const Json& filters = body.at("Filters");
  const auto fits = [&](const std::map<std::string, std::string>& tags) {
    return std::ranges::all_of(filters, [&](const Json& filter) {
      const std::string wanted = filter.at("Values").at(0).get<std::string>();
      return std::ranges::any_of(tags, [&](const auto& tag) {
        return filter.at("Key") == "tag-key" ? tag.first.starts_with(wanted) : tag.second.starts_with(wanted);
      });
    });
  };
  Json list = Json::array();
  auto at = items.upper_bound(body.value("NextToken", ""));
  std::string last;
  for (; at != items.end() && list.size() < 2; ++at) {
    last = at->first;
    if (at->second.days_to_live > 0 || !fits(at->second.tags)) continue;
    list.push_back({{"ARN", at->first},
                    {"Name", at->second.name},
                    {"Tags", TagList(at->second.tags)},
                    {"SecretVersionsToStages", {{at->second.version, {"AWSCURRENT"}}}}});
  }
  Json answer{{"SecretList", list}};
  if (at != items.end()) answer["NextToken"] = last;
  return JsonAnswer(200, answer);
}

}  // namespace tests
