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

using Form = std::vector<std::pair<std::string_view, std::string>>;

std::string Encode(const Form& form) {
  std::string text = "Version=2011-06-15";
  for (const auto& [name, value] : form) {
    if (!value.empty()) text.append(Cat('&', name, '=', PercentEncode(value)));
  }
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
  return Ask(call, sts, &credentials, "AssumeRole", {{"ExternalId", role.external_id}}, role);
}

Result<AwsCredentials> AssumeRoleWithWebIdentity(const Call& call, const AwsSts& sts, const AwsRole& role, const Secret& token) {
  return Ask(call, sts, nullptr, "AssumeRoleWithWebIdentity", {{"WebIdentityToken", std::string(token.Reveal())}}, role);
}

}  // namespace engine::vendors::aws::auth
