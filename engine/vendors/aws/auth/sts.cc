// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/sts.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"
#include "engine/vendors/aws/client.h"
#include "engine/vendors/aws/xml.h"

namespace engine::vendors::aws::auth {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::ParseRfc3339;
using base::PercentEncode;
using base::Result;
using base::Secret;

using Form = std::vector<std::pair<std::string, std::string>>;

std::string Encode(const Form& form) {
  std::string text = "Version=2011-06-15";
  for (const auto& [name, value] : form) text.append(Cat('&', name, '=', PercentEncode(value)));
  return text;
}

std::string SessionName(const AwsRole& role) { return role.session_name.empty() ? "certwright" : role.session_name; }

// <AssumeRoleResponse><AssumeRoleResult><Credentials>...
Result<AwsCredentials> ReadCredentials(std::string_view body, std::string_view action) {
  const auto root = ParseXml(body);
  if (!root) return root.error();
  const XmlElement* result = root->Find(Cat(action, "Result"));
  const XmlElement* found = result == nullptr ? nullptr : result->Find("Credentials");
  if (found == nullptr || found->Text("SecretAccessKey").empty()) {
    return Error{ErrorKind::kProtocol, Cat("the answer to ", action, " holds no credentials")};
  }
  return AwsCredentials{.access_key_id = std::string(found->Text("AccessKeyId")),
                        .secret_access_key = Secret(std::string(found->Text("SecretAccessKey"))),
                        .session_token = Secret(std::string(found->Text("SessionToken"))),
                        .expires = ParseRfc3339(found->Text("Expiration"))};
}

Result<AwsCredentials> Ask(const Call& call, const AwsSts& sts, const AwsCredentials* credentials, std::string_view action,
                           Form form, const AwsRole& role) {
  form.emplace_back("Action", action);
  form.emplace_back("RoleArn", role.arn);
  form.emplace_back("RoleSessionName", SessionName(role));
  form.emplace_back("DurationSeconds", std::to_string(role.duration.count()));
  const base::http::Request request{.method = "POST",
                                    .url = sts.url + "/",
                                    .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                                    .body = Encode(form)};
  const auto response = SendAws(call, sts.http, {.region = sts.region, .service = "sts"}, credentials, request,
                                Cat("taking on the role ", role.arn));
  if (!response) return response.error();
  call.log.Debug("role taken on", {{base::key::kName, role.arn}});
  return ReadCredentials(response->body, action);
}

}  // namespace

Result<AwsCredentials> AssumeRole(const Call& call, const AwsSts& sts, const AwsCredentials& credentials, const AwsRole& role) {
  Form form;
  if (!role.external_id.empty()) form.emplace_back("ExternalId", role.external_id);
  if (!role.source_identity.empty()) form.emplace_back("SourceIdentity", role.source_identity);
  if (!role.policy.empty()) form.emplace_back("Policy", role.policy);
  int number = 0;
  for (const std::string& arn : role.policy_arns) form.emplace_back(Cat("PolicyArns.member.", ++number, ".arn"), arn);
  number = 0;
  for (const auto& [key, value] : role.tags) {
    const std::string tag = Cat("Tags.member.", ++number);
    form.emplace_back(tag + ".Key", key);
    form.emplace_back(tag + ".Value", value);
  }
  number = 0;
  for (const std::string& key : role.transitive_tag_keys) form.emplace_back(Cat("TransitiveTagKeys.member.", ++number), key);
  return Ask(call, sts, &credentials, "AssumeRole", std::move(form), role);
}

Result<AwsCredentials> AssumeRoleWithWebIdentity(const Call& call, const AwsSts& sts, const AwsRole& role, const Secret& token) {
  return Ask(call, sts, nullptr, "AssumeRoleWithWebIdentity", {{"WebIdentityToken", std::string(token.Reveal())}}, role);
}

}  // namespace engine::vendors::aws::auth
