// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/credential_chain.h"

#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "base/read_file.h"
#include "base/text.h"
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

// One search. Each source answers kNotFound when it is not in use.
class Search {
 public:
  Search(const Call& call, const AwsSts& sts, const EnvironmentReader& environment)
      : call_(call), sts_(sts), environment_(environment) {}

  Result<AwsCredentials> FromEnvironment() const {
    const auto key_id = environment_("AWS_ACCESS_KEY_ID");
    const auto secret = environment_("AWS_SECRET_ACCESS_KEY");
    if (!key_id || !secret) return NotFound("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set");
    return AwsCredentials{.access_key_id = *key_id,
                          .secret_access_key = Secret(*secret),
                          .session_token = Secret(environment_("AWS_SESSION_TOKEN").value_or(""))};
  }

  Result<AwsCredentials> FromWebIdentity() const {
    const auto path = environment_("AWS_WEB_IDENTITY_TOKEN_FILE");
    const auto arn = environment_("AWS_ROLE_ARN");
    if (!path || !arn) return NotFound("AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are not both set");
    return WithTokenFile(*path, {.arn = *arn, .session_name = environment_("AWS_ROLE_SESSION_NAME").value_or("")});
  }

  Result<AwsCredentials> FromDefaultProfile() const {
    const auto chosen = environment_("AWS_PROFILE");
    const std::string name = chosen.value_or("default");
    const AwsProfiles profiles = ReadAwsProfiles(environment_);
    if (!chosen && !profiles.contains(name)) return NotFound("the shared files have no profile \"default\"");
    return FromProfile(profiles, name, 1);
  }

  Result<AwsCredentials> FromProfile(const std::string& name) const {
    return FromProfile(ReadAwsProfiles(environment_), name, 1);
  }

  Result<AwsCredentials> FromContainer() const { return FetchContainerCredentials(call_, sts_.http, environment_); }
  Result<AwsCredentials> FromInstance() const { return FetchInstanceCredentials(call_, sts_.http, environment_); }

  Result<AwsCredentials> FromDefaultChain() const {
    struct Source {
      std::string_view name;
      Result<AwsCredentials> (Search::*fetch)() const;
    };
    constexpr Source kSources[] = {{"environment", &Search::FromEnvironment},
                                   {"web identity", &Search::FromWebIdentity},
                                   {"shared files", &Search::FromDefaultProfile},
                                   {"container", &Search::FromContainer},
                                   {"EC2 instance", &Search::FromInstance}};
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
  Result<AwsCredentials> WithTokenFile(const std::string& path, const AwsRole& role) const {
    const auto file = base::ReadSmallFile(path);
    const Secret token(file ? std::string(Trim(file->Reveal())) : std::string());
    if (token.empty()) return Invalid(Cat("the web identity token file ", path, " cannot be read, or is empty"));
    return AssumeRoleWithWebIdentity(call_, sts_, role, token);
  }

  Result<AwsCredentials> FromProfile(const AwsProfiles& profiles, const std::string& name, int depth) const {
    const auto found = profiles.find(name);
    if (found == profiles.end()) return Invalid(Cat("there is no profile \"", name, "\" in AWS's shared files"));
    if (depth > kMaxProfiles) return Invalid(Cat("the profiles' source_profile runs in a loop at \"", name, "\""));
    const AwsProfile& profile = found->second;
    if (!FindSetting(profile, "role_arn").empty()) return FromRoleProfile(profiles, name, depth);
    return FromKeys(profile, name);
  }

  static Result<AwsCredentials> FromKeys(const AwsProfile& profile, const std::string& name) {
    const std::string key_id(FindSetting(profile, "aws_access_key_id"));
    const std::string secret(FindSetting(profile, "aws_secret_access_key"));
    if (!key_id.empty() && !secret.empty()) {
      return AwsCredentials{.access_key_id = key_id,
                            .secret_access_key = Secret(secret),
                            .session_token = Secret(std::string(FindSetting(profile, "aws_session_token")))};
    }
    for (const std::string_view setting : {"sso_session", "sso_start_url", "credential_process"}) {
      if (FindSetting(profile, setting).empty()) continue;
      return Invalid(Cat("the profile \"", name, "\" gets its credentials by ", setting,
                         ", which is not supported; set the environment with: aws configure export-credentials --profile ", name,
                         " --format env"));
    }
    return NotFound(Cat("the profile \"", name, "\" of the shared files has no credentials"));
  }

  Result<AwsCredentials> FromRoleProfile(const AwsProfiles& profiles, const std::string& name, int depth) const {
    const AwsProfile& profile = profiles.find(name)->second;
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
    const auto source = SourceOf(profiles, name, depth);
    if (!source) return source.error();
    return AssumeRole(call_, sts_, *source, role);
  }

  // The credentials that take on the role of the profile.
  Result<AwsCredentials> SourceOf(const AwsProfiles& profiles, const std::string& name, int depth) const {
    const AwsProfile& profile = profiles.find(name)->second;
    const std::string source(FindSetting(profile, "source_profile"));
    if (source == name) return FromKeys(profile, name);
    if (!source.empty()) return FromProfile(profiles, source, depth + 1);
    const std::string_view kind = FindSetting(profile, "credential_source");
    if (kind == "Environment") return FromEnvironment();
    if (kind == "EcsContainer") return FromContainer();
    if (kind == "Ec2InstanceMetadata") return FromInstance();
    return Invalid(Cat("the profile \"", name, "\" has role_arn, but neither source_profile nor a known credential_source"));
  }

  const Call& call_;
  const AwsSts& sts_;
  const EnvironmentReader& environment_;
};

}  // namespace

Result<AwsCredentials> FetchAwsCredentials(const Call& call, const AwsSts& sts, const AwsSettings& settings,
                                           const EnvironmentReader& environment) {
  const Search search(call, sts, environment);
  auto found = [&]() -> Result<AwsCredentials> {
    if (!settings.access_key_id.empty()) {
      return AwsCredentials{.access_key_id = settings.access_key_id,
                            .secret_access_key = settings.secret_access_key,
                            .session_token = settings.session_token};
    }
    return settings.profile.empty() ? search.FromDefaultChain() : search.FromProfile(settings.profile);
  }();
  if (!found || !settings.role) return found;
  return AssumeRole(call, sts, *found, *settings.role);
}

}  // namespace engine::vendors::aws::auth
