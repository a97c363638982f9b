// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/credential_chain.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "base/read_file.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/vendors/aws/auth/config.h"
#include "engine/vendors/aws/auth/metadata.h"
#include "engine/vendors/aws/auth/profile.h"

namespace engine::vendors::aws::auth {
namespace {

using base::Call;
using base::Cat;
using base::EnvironmentReader;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::Secret;
using base::Trim;

constexpr int kMaxProfiles = 8;  // in a row, by source_profile

Error NotFound(std::string message) { return Error{ErrorKind::kNotFound, std::move(message)}; }
Error Invalid(std::string message) { return Error{ErrorKind::kInvalid, std::move(message)}; }

// The ways of a profile to get credentials, of which it may have one.
constexpr std::string_view kKeys = "access key";
constexpr std::string_view kSso = "IAM Identity Center";
constexpr std::string_view kLogin = "login_session";
constexpr std::string_view kProcess = "credential_process";

std::vector<std::string_view> WaysOf(const AwsProfile& profile) {
  std::vector<std::string_view> ways;
  const auto has = [&](std::string_view setting) { return !FindSetting(profile, setting).empty(); };
  if (has("aws_access_key_id") || has("aws_secret_access_key")) ways.push_back(kKeys);
  if (UsesSso(profile)) ways.push_back(kSso);
  if (has(kLogin)) ways.push_back(kLogin);
  if (has(kProcess)) ways.push_back(kProcess);
  return ways;
}

// The session's token, which has an older name too.
Result<Secret> OneToken(std::string_view token, std::string_view by_older_name) {
  if (!token.empty() && !by_older_name.empty() && token != by_older_name) {
    return Invalid(
        "there are two different tokens, as session token and as security token, and AWS's tools disagree on which of "
        "them is used: leave the security token out");
  }
  return Secret(std::string(token.empty() ? by_older_name : token));
}

// One search. Each source answers kNotFound when it is not in use.
class Search {
 public:
  Search(const Call& call, const AwsSources& sources, const AwsSettings& settings, const EnvironmentReader& environment)
      : call_(call), sources_(sources), environment_(environment), config_(ReadAwsConfig(settings, environment)) {}

  Result<AwsCredentials> FromEnvironment() const {
    const auto key_id = environment_("AWS_ACCESS_KEY_ID");
    const auto secret = environment_("AWS_SECRET_ACCESS_KEY");
    if (!key_id && !secret) return NotFound("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set");
    if (!key_id || !secret) {
      return Invalid(key_id ? "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"
                            : "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not");
    }
    auto token = OneToken(environment_("AWS_SESSION_TOKEN").value_or(""), environment_("AWS_SECURITY_TOKEN").value_or(""));
    if (!token) return std::move(token).error();
    AwsCredentials credentials{.access_key_id = *key_id,
                               .secret_access_key = Secret(*secret),
                               .session_token = *std::move(token),
                               .expires = base::ParseRfc3339(environment_("AWS_CREDENTIAL_EXPIRATION").value_or(""))};
    if (!credentials.expires || *credentials.expires > call_.Now()) return credentials;
    return Error{ErrorKind::kDenied, "the credentials of the environment have expired, says AWS_CREDENTIAL_EXPIRATION"};
  }

  Result<AwsCredentials> FromWebIdentity() const {
    const auto path = environment_("AWS_WEB_IDENTITY_TOKEN_FILE");
    const auto arn = environment_("AWS_ROLE_ARN");
    if (!path) return NotFound("AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not both set");
    if (!arn) return Invalid("AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not");
    const AwsProfile& profile = config_.Profile();
    if (!FindSetting(profile, "role_arn").empty() && FindSetting(profile, "web_identity_token_file").empty()) {
      return Invalid(Cat("there are both AWS_WEB_IDENTITY_TOKEN_FILE and a role in the profile \"", config_.profile_name,
                         "\", and AWS's tools disagree on which of them is used: set `profile`, or leave the role out"));
    }
    return WithTokenFile(*path, {.arn = *arn, .session_name = environment_("AWS_ROLE_SESSION_NAME").value_or("")});
  }

  Result<AwsCredentials> FromChosenProfile() const {
    const std::string& name = config_.profile_name;
    if (!config_.is_profile_chosen && !config_.files.profiles.contains(name)) {
      return NotFound("the shared files have no profile \"default\"");
    }
    return FromProfile(name, 1);
  }

  Result<AwsCredentials> FromContainer() const { return FetchContainerCredentials(call_, sources_.sts.http, environment_); }
  Result<AwsCredentials> FromInstance() const { return FetchInstanceCredentials(call_, sources_.sts.http, config_); }

  Result<AwsCredentials> FromDefaultChain() const {
    struct Source {
      std::string_view name;
      Result<AwsCredentials> (Search::*fetch)() const;
    };
    constexpr Source kSources[] = {{"environment", &Search::FromEnvironment},
                                   {"web identity", &Search::FromWebIdentity},
                                   {"shared files", &Search::FromChosenProfile},
                                   {"container", &Search::FromContainer},
                                   {"EC2 instance", &Search::FromInstance}};
    if (auto fine = CheckChoice(); !fine) return std::move(fine).error();
    Error none = Invalid("no AWS credentials found: none are given, and the default chain has none");
    for (const Source& source : kSources) {
      auto found = (this->*source.fetch)();
      if (found) {
        call_.log.Debug("credentials found", {{base::key::kKind, source.name}});
        return found;
      }
      if (found.error().kind != ErrorKind::kNotFound)
        return std::move(found).error().While(Cat("getting credentials: ", source.name));
      none.details.push_back(Cat(source.name, ": ", found.error().message));
    }
    return none;
  }

 private:
  // The profile that the environment names is there, and there is no doubt which one it is.
  Result<void> CheckChoice() const {
    const auto first = environment_("AWS_PROFILE");
    const auto second = environment_("AWS_DEFAULT_PROFILE");
    if (first && second && *first != *second) {
      return Invalid(
          "AWS_PROFILE and AWS_DEFAULT_PROFILE name different profiles, and AWS's tools disagree on which of them is "
          "used: unset one");
    }
    if (!config_.is_profile_chosen || config_.files.profiles.contains(config_.profile_name)) return {};
    return NoProfile(config_.profile_name);
  }

  static Error NoProfile(const std::string& name) {
    return Invalid(Cat("there is no profile \"", name, "\" in AWS's shared files"));
  }

  Result<AwsCredentials> WithTokenFile(const std::string& path, const AwsRole& role) const {
    const auto file = base::ReadSmallFile(path);
    const Secret token(file ? std::string(Trim(file->Reveal())) : std::string());
    if (token.empty()) return Invalid(Cat("the web identity token file ", path, " cannot be read, or is empty"));
    return AssumeRoleWithWebIdentity(call_, sources_.sts, role, token);
  }

  Result<AwsCredentials> FromProfile(const std::string& name, int depth) const {
    const auto found = config_.files.profiles.find(name);
    if (found == config_.files.profiles.end()) return NoProfile(name);
    if (depth > kMaxProfiles) return Invalid(Cat("the profiles' source_profile runs in a loop at \"", name, "\""));
    const AwsProfile& profile = found->second;
    if (!FindSetting(profile, "role_arn").empty()) return FromRoleProfile(profile, name, depth);
    return FromOwn(profile, name);
  }

  // What the profile has besides a role.
  Result<AwsCredentials> FromOwn(const AwsProfile& profile, const std::string& name) const {
    const std::vector<std::string_view> ways = WaysOf(profile);
    if (ways.empty()) return NotFound(Cat("the profile \"", name, "\" of the shared files has no credentials"));
    if (ways.size() > 1) {
      return Invalid(Cat("the profile \"", name, "\" has both ", ways[0], " and ", ways[1],
                         ", and AWS's tools disagree on which of them is used: leave one of them"));
    }
    if (ways.front() == kSso) return FetchSsoCredentials(call_, sources_.sts.http, config_, name, sources_.find_sso);
    if (ways.front() == kLogin) return ReadLoginCredentials(call_, config_, name);
    if (ways.front() == kProcess) {
      auto printed = RunCredentialProcess(call_, sources_.run, FindSetting(profile, kProcess));
      if (!printed) return std::move(printed).error().While(Cat("getting the credentials of the profile \"", name, "\""));
      return printed;
    }
    return FromKeys(profile, name);
  }

  static Result<AwsCredentials> FromKeys(const AwsProfile& profile, const std::string& name) {
    const std::string key_id(FindSetting(profile, "aws_access_key_id"));
    const std::string secret(FindSetting(profile, "aws_secret_access_key"));
    if (key_id.empty() || secret.empty()) {
      return Invalid(Cat("the profile \"", name, "\" has only one of aws_access_key_id and aws_secret_access_key"));
    }
    auto token = OneToken(FindSetting(profile, "aws_session_token"), FindSetting(profile, "aws_security_token"));
    if (!token) return std::move(token).error();
    return AwsCredentials{.access_key_id = key_id, .secret_access_key = Secret(secret), .session_token = *std::move(token)};
  }

  Result<AwsCredentials> FromRoleProfile(const AwsProfile& profile, const std::string& name, int depth) const {
    AwsRole role{.arn = std::string(FindSetting(profile, "role_arn")),
                 .external_id = std::string(FindSetting(profile, "external_id")),
                 .session_name = std::string(FindSetting(profile, "role_session_name"))};
    int seconds = 0;
    const std::string_view duration = FindSetting(profile, "duration_seconds");
    if (std::from_chars(duration.data(), duration.data() + duration.size(), seconds).ec == std::errc{}) {
      role.duration = std::chrono::seconds(seconds);
    }
    if (!FindSetting(profile, "mfa_serial").empty()) {
      return Invalid(Cat("the profile \"", name, "\" wants a code from an MFA device, and nobody can be asked for one"));
    }
    if (const auto path = FindSetting(profile, "web_identity_token_file"); !path.empty())
      return WithTokenFile(std::string(path), role);
    const auto source = SourceOf(profile, name, depth);
    if (!source) {
      Error error = source.error();
      // Here it is no sign that another source is to be tried.
      if (error.kind == ErrorKind::kNotFound) error.kind = ErrorKind::kInvalid;
      return std::move(error).While(Cat("getting the credentials for the role of the profile \"", name, "\""));
    }
    return AssumeRole(call_, sources_.sts, *source, role);
  }

  // The credentials that take on the role of the profile.
  Result<AwsCredentials> SourceOf(const AwsProfile& profile, const std::string& name, int depth) const {
    const std::string source(FindSetting(profile, "source_profile"));
    const std::string_view kind = FindSetting(profile, "credential_source");
    if (!source.empty() && !kind.empty()) {
      return Invalid(Cat("the profile \"", name, "\" has both source_profile and credential_source: leave one of them"));
    }
    if (source == name) return FromOwn(profile, name);
    if (!source.empty()) return FromProfile(source, depth + 1);
    if (kind == "Environment") return FromEnvironment();
    if (kind == "EcsContainer") return FromContainer();
    if (kind == "Ec2InstanceMetadata") return FromInstance();
    return Invalid(Cat("the profile \"", name, "\" has role_arn, but neither source_profile nor a known credential_source"));
  }

  const Call& call_;
  const AwsSources& sources_;
  const EnvironmentReader& environment_;
  const AwsConfig config_;
};

}  // namespace

Result<AwsCredentials> FetchAwsCredentials(const Call& call, const AwsSources& sources, const AwsSettings& settings,
                                           const EnvironmentReader& environment) {
  const Search search(call, sources, settings, environment);
  auto found = [&]() -> Result<AwsCredentials> {
    if (!settings.access_key_id.empty()) {
      return AwsCredentials{.access_key_id = settings.access_key_id,
                            .secret_access_key = settings.secret_access_key,
                            .session_token = settings.session_token};
    }
    return settings.profile.empty() ? search.FromDefaultChain() : search.FromChosenProfile();
  }();
  if (!found || !settings.role) return found;
  return AssumeRole(call, sources.sts, *found, *settings.role);
}

}  // namespace engine::vendors::aws::auth
