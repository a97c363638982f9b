// SPDX-License-Identifier: MPL-2.0
// Amazon Web Services: an access key, a profile, or what AWS's own tools would find; with or without a role taken on.
#include "engine/vendors/aws/connection.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/connections/field_checks.h"
#include "engine/vendors/aws/endpoint.h"
#include "engine/vendors/aws/field_limits.h"
#include "engine/vendors/aws/vendor.h"
#include "engine/vendors/aws/xml.h"

namespace engine::vendors::aws {
namespace {

using auth::AwsRole;
using auth::AwsSettings;
using base::Cat;
using connections::Blame;
using connections::CheckEndpointUrl;
using connections::CheckHeaderSecret;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::GetEndpointUrl;
using connections::GetHeaderSecret;

constexpr std::string_view kLettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::chrono::hours kDefaultDuration{1};

constexpr std::array kRoleFields{
    base::ConfigField{.name = "role_arn", .required = true, .doc = "The role's ARN.", .identity = true},
    base::ConfigField{.name = "external_id", .doc = "The external id that the role's trust policy asks for."},
    base::ConfigField{.name = "session_name", .doc = "How the sessions are named in AWS's logs. `certwright` if not set."},
    base::ConfigField{
        .name = "duration",
        .doc = "How long temporary credentials last, from `15m` to `12h`. `1h` if not set, which is also the most that "
               "AWS allows when a role takes on another."},
    base::ConfigField{
        .name = "source_identity",
        .doc = "Who is behind the session, for AWS's logs and for policies that ask for it (`sts:SourceIdentity`)."},
    base::ConfigField{.name = "policy",
                      .doc = "A policy, as JSON, that the session's permissions are limited to, besides those of the role."},
    base::ConfigField{.name = "policy_arns",
                      .kind = base::FieldKind::kStringList,
                      .doc = "ARNs of managed policies that the session's permissions are limited to, at most ten."},
    base::ConfigField{.name = "tags",
                      .kind = base::FieldKind::kStringMap,
                      .doc = "Session tags, which policies can ask for. The role's trust policy must allow `sts:TagSession`."},
    base::ConfigField{.name = "transitive_tag_keys",
                      .kind = base::FieldKind::kStringList,
                      .doc = "Keys of session tags that stay when the session takes on a further role."},
};

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "access_key_id",
                      .doc =
                          "The access key's id. Without it and without `profile`, credentials are found as AWS's own tools do: "
                          "environment, web identity (EKS, CI runners), shared files, container, EC2 instance."},
    base::ConfigField{
        .name = "secret_access_key", .secret = true, .doc = "The access key's secret. Goes together with `access_key_id`."},
    base::ConfigField{.name = "session_token", .secret = true, .doc = "The token that belongs to a temporary access key."},
    base::ConfigField{.name = "profile",
                      .doc = "A profile of `~/.aws/credentials` and `~/.aws/config`, instead of an access key.",
                      .identity = true},
    base::ConfigField{
        .name = "region",
        .doc = "The region, `us-east-1` for example. It also tells the partition: `cn-…`, `us-gov-…`, `eusc-…` and others have "
               "endpoints of their own. Without it: `AWS_REGION`, the profile's, `us-east-1`."},
    base::ConfigField{.name = "assume_role",
                      .kind = base::FieldKind::kBlock,
                      .doc = "A role to take on with these credentials; its temporary ones are renewed by themselves.",
                      .members = kRoleFields},
    base::ConfigField{.name = "endpoint_url",
                      .doc = "The URL of every service, for a proxy or a test, instead of AWS's own.",
                      .identity = true},
    connections::kAllowHttpField,
    connections::kInheritEnvironmentField,
};

const base::Settings& RoleOf(const Connection& connection) { return connection.settings.Block("assume_role"); }

bool IsMadeOf(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char one) {
    return kLettersAndDigits.find(one) != std::string_view::npos || others.find(one) != std::string_view::npos;
  });
}

// arn:aws:iam::123456789012:role/path/name
bool IsRoleArn(const std::vector<std::string>& parts) {
  return parts.size() == 6 && parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == "iam" && parts[4].size() == 12 &&
         parts[4].find_first_not_of("0123456789") == std::string::npos && parts[5].starts_with("role/");
}

std::string CheckRoleArn(const Connection& connection, std::string_view arn) {
  const std::vector<std::string> parts = base::Split(arn, ':');
  if (!IsRoleArn(parts)) return "This is no role's ARN; they look like arn:aws:iam::123456789012:role/name.";
  const std::string_view region = connection.settings.Text("region");
  const std::string_view partition = AwsPartition(region);
  if (region.empty() || parts[1] == partition) return "";
  return Cat("The role is of the partition ", parts[1], ", but the region ", region, " is of ", partition, ".");
}

std::string CheckDuration(std::string_view text) {
  const auto duration = base::ParseDuration(text);
  const bool fits = duration && *duration >= std::chrono::minutes(15) && *duration <= std::chrono::hours(12);
  return fits ? "" : "Write a duration from 15m to 12h.";
}

std::string CheckAccessKeyId(std::string_view id) {
  if (id.size() >= 16 && id.size() <= 128 && IsMadeOf(id, "_")) return "";
  return "This is no access key's id; they look like AKIAIOSFODNN7EXAMPLE.";
}

std::string CheckSessionName(std::string_view name) {
  if (name.size() >= 2 && name.size() <= 64 && IsMadeOf(name, "_+=,.@-")) return "";
  return "Write 2 to 64 letters, digits and _+=,.@- characters.";
}

std::string CheckExternalId(std::string_view id) {
  if (id.size() >= 2 && id.size() <= 1224 && IsMadeOf(id, "_+=,.@:/-")) return "";
  return "Write 2 to 1224 letters, digits and _+=,.@:/- characters.";
}

std::string CheckPolicy(std::string_view text) {
  constexpr std::size_t kMaxPolicy = 2048;
  if (!base::ParseJsonObject(text)) return "The policy is no JSON object.";
  return text.size() <= kMaxPolicy ? "" : "AWS takes session policies of at most 2048 characters.";
}

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  const auto check = [&](std::string_view field, std::string_view value, auto find_problem) {
    std::string problem = value.empty() ? "" : find_problem(value);
    if (!problem.empty()) problems.push_back({std::string(field), std::move(problem)});
  };
  const base::Settings& settings = connection.settings;
  const base::Settings& role = RoleOf(connection);
  if (!settings.Text("access_key_id").empty() && !settings.Text("profile").empty()) {
    problems.push_back({"profile", "A connection has either `access_key_id` or `profile`."});
  }
  connections::CheckTogether(connection, {"access_key_id", "secret_access_key"}, problems);
  if (settings.Has("session_token") && !settings.Has("access_key_id") && !settings.Has("secret_access_key")) {
    problems.push_back({"access_key_id", "Set `access_key_id` and `secret_access_key`: a session token belongs to them."});
  }
  check("access_key_id", settings.Text("access_key_id"), CheckAccessKeyId);
  check("region", settings.Text("region"), FindAwsRegionProblem);
  check("assume_role.role_arn", role.Text("role_arn"), [&](std::string_view arn) { return CheckRoleArn(connection, arn); });
  check("assume_role.external_id", role.Text("external_id"), CheckExternalId);
  check("assume_role.session_name", role.Text("session_name"), CheckSessionName);
  check("assume_role.duration", role.Text("duration"), CheckDuration);
  check("assume_role.source_identity", role.Text("source_identity"), CheckSessionName);
  check("assume_role.policy", role.Text("policy"), CheckPolicy);
  for (auto& [field, message] : connections::FindEnvironmentProblems(settings)) {
    problems.push_back({std::string(field), std::move(message)});
  }
  CheckHeaderSecret(connection, "secret_access_key", problems);
  CheckHeaderSecret(connection, "session_token", problems);
  CheckEndpointUrl(connection, problems);
  return problems;
}

// The account's number, which the first 41 bits behind the prefix of a key's id hold after a one (keys made before 2019 have a
// zero, and do not tell). https://labs.withsecure.com/publications/a-bitwise-analysis-of-aws-access-key-identifiers
std::optional<std::string> FindAccountNumber(std::string_view key_id) {
  constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  constexpr std::size_t kPrefix = 4;
  constexpr std::size_t kLength = 20;
  constexpr std::size_t kDigits = 9;  // of five bits; the last one adds four too many
  if (key_id.size() != kLength) return std::nullopt;
  std::uint64_t bits = 0;
  for (const char one : key_id.substr(kPrefix, kDigits)) {
    const auto digit = kBase32.find(one);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 5 | digit;
  }
  bits >>= 4;
  constexpr std::uint64_t kIsTold = std::uint64_t{1} << 40;
  if ((bits & kIsTold) == 0) return std::nullopt;
  const std::string number = Cat(bits - kIsTold);
  return number.size() > 12 ? std::nullopt : std::optional(std::string(12 - number.size(), '0') + number);
}

// A role's ARN tells its account by itself. A key that does not tell stands for itself: a new one is of the kind that does.
std::string Account(const Connection& connection) {
  const std::string_view key_id = connection.settings.Text("access_key_id");
  if (key_id.empty() || !RoleOf(connection).Text("role_arn").empty()) return "";
  return FindAccountNumber(key_id).value_or(std::string(key_id));
}

// Puts the secrets of an access key into the settings.
base::Result<void> ReadKey(const Connection& connection, AwsSettings& settings) {
  settings.access_key_id = connection.settings.Text("access_key_id");
  const bool has_secret = connection.settings.FindSecret("secret_access_key") != nullptr;
  const bool has_token = connection.settings.FindSecret("session_token") != nullptr;
  if (settings.access_key_id.empty()) {
    if (has_secret) return Blame("access_key_id", "secret_access_key is set, but access_key_id is missing");
    if (has_token) return Blame("access_key_id", "session_token is set, but access_key_id is missing");
    return {};
  }
  if (!has_secret) return Blame("secret_access_key", "access_key_id is set, but secret_access_key is missing");
  auto secret = GetHeaderSecret(connection, "secret_access_key");
  if (!secret) return std::move(secret).error();
  settings.secret_access_key = base::Secret(*std::move(secret));
  if (!has_token) return {};
  auto token = GetHeaderSecret(connection, "session_token");
  if (!token) return std::move(token).error();
  settings.session_token = base::Secret(*std::move(token));
  return {};
}

base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto session = FindAwsSession(connection, deps);
  if (!session) return session.error();
  // The one call that every principal may make, whatever its policies.
  const base::http::Request request{.method = "POST",
                                    .url = "/",
                                    .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                                    .body = "Action=GetCallerIdentity&Version=2011-06-15"};
  const auto response = (*session)->Send(call, *deps.http, "sts", "", request, "telling whose credentials these are");
  if (!response) return BlameAwsField(response.error(), connection);
  const auto answer = ParseXml(response->body);
  if (!answer) return answer.error();
  call.log.Debug("connection checked", {{base::key::kName, answer->Text("GetCallerIdentityResult/Arn")}});
  return {};
}

}  // namespace

base::Result<std::shared_ptr<AwsSession>> FindAwsSession(const Connection& connection, const Deps& deps) {
  AwsSettings settings{.profile = std::string(connection.settings.Text("profile")),
                       .region = std::string(connection.settings.Text("region")),
                       .inherit_environment = connection.settings.List(connections::kInheritEnvironmentField.name)};
  if (auto read = ReadKey(connection, settings); !read) return std::move(read).error();
  if (!connection.settings.Text("endpoint_url").empty()) {
    auto url = GetEndpointUrl(connection);
    if (!url) return std::move(url).error();
    settings.endpoint_url = *std::move(url);
  }
  if (const base::Settings& role = RoleOf(connection); !role.Text("role_arn").empty()) {
    const auto duration = base::ParseDuration(role.Text("duration")).value_or(kDefaultDuration);
    settings.role = AwsRole{.arn = std::string(role.Text("role_arn")),
                            .external_id = std::string(role.Text("external_id")),
                            .session_name = std::string(role.Text("session_name")),
                            .duration = std::chrono::duration_cast<std::chrono::seconds>(duration),
                            .source_identity = std::string(role.Text("source_identity")),
                            .policy = std::string(role.Text("policy")),
                            .policy_arns = role.List("policy_arns"),
                            .tags = role.Map("tags"),
                            .transitive_tag_keys = role.List("transitive_tag_keys")};
  }
  return SharedAwsSession(settings, deps);
}

base::Error BlameAwsField(base::Error error, const Connection& connection) {
  const bool has_key = !connection.settings.Text("access_key_id").empty();
  const bool has_profile = !connection.settings.Text("profile").empty();
  const std::string_view code = error.code;
  if (code == "SignatureDoesNotMatch" && has_key) {
    error.blame = ConnectionField("secret_access_key");
  } else if ((code == "InvalidClientTokenId" || code == "UnrecognizedClientException") && has_key) {
    error.blame = ConnectionField(connection.settings.FindSecret("session_token") == nullptr ? "access_key_id" : "session_token");
  } else if (code.starts_with("ExpiredToken") && has_key) {
    error.blame = ConnectionField("session_token");
  } else if (code == "AccessDenied" && !RoleOf(connection).Text("role_arn").empty()) {
    error.blame = ConnectionField("assume_role.role_arn");
  } else if (has_profile && (error.kind == base::ErrorKind::kInvalid || error.kind == base::ErrorKind::kDenied)) {
    error.blame = ConnectionField("profile");
  } else if (error.kind == base::ErrorKind::kUnavailable && !connection.settings.Text("endpoint_url").empty()) {
    error.blame = ConnectionField("endpoint_url");
  }
  return error;
}

void CheckAwsRegion(const base::Settings& settings, std::vector<FieldProblem>& problems) {
  const std::string_view region = settings.Text("region");
  if (region.empty()) return;
  if (std::string problem = FindAwsRegionProblem(region); !problem.empty()) problems.push_back({"region", std::move(problem)});
}

const ConnectionSpec kConnection{
    .kind = "aws",
    .title = "Amazon Web Services",
    .doc =
        "An account of Amazon Web Services, in whichever partition, the European Sovereign Cloud among them: an access key, a "
        "profile of AWS's shared files, or what AWS's own tools would find; with or without a role taken on. The guides have the policies that "
        "are enough.",
    .fields = kConnectionFields,
    .account = Account,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::aws
