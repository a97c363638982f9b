// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/config.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/secret.h"
#include "base/text.h"

namespace engine::vendors::aws::auth {
namespace {

using base::Cat;
using base::EqualsIgnoreCase;
using base::Error;
using base::ErrorKind;
using base::Result;

// By the name in host names: the name in AWS_ENDPOINT_URL_<NAME>, there in capitals, and in a `services` section.
struct ServiceId {
  std::string_view service;
  std::string_view id;
};
constexpr std::array kIds = {ServiceId{"acm", "acm"},
                             ServiceId{"elasticloadbalancing", "elastic_load_balancing_v2"},
                             ServiceId{"portal.sso", "sso"},
                             ServiceId{"route53", "route_53"},
                             ServiceId{"secretsmanager", "secrets_manager"},
                             ServiceId{"sts", "sts"},
                             ServiceId{"tagging", "resource_groups_tagging_api"}};

Error BadConfig(std::string message) { return Error{ErrorKind::kInvalid, std::move(message)}; }

std::string_view IdOf(std::string_view service) {
  const auto found = std::find_if(kIds.begin(), kIds.end(), [&](const ServiceId& one) { return one.service == service; });
  return found == kIds.end() ? service : found->id;
}

std::string ToUpper(std::string_view text) {
  std::string upper(text);
  for (char& one : upper) one = one >= 'a' && one <= 'z' ? static_cast<char>(one - 'a' + 'A') : one;
  return upper;
}

Result<bool> FindSwitch(const AwsConfig& config, const char* variable, std::string_view setting) {
  const std::string value = config.Find(variable, setting).value_or("false");
  if (EqualsIgnoreCase(value, "true")) return true;
  if (EqualsIgnoreCase(value, "false")) return false;
  return BadConfig(Cat(variable, " or the profile's ", setting, " is neither true nor false"));
}

// The URL that is configured; empty for none.
Result<std::string> FindUrl(std::string_view service, const AwsSettings& settings, const AwsConfig& config) {
  if (!settings.endpoint_url.empty()) return settings.endpoint_url;
  const auto is_ignored = FindSwitch(config, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
  if (!is_ignored) return is_ignored.error();
  if (*is_ignored) return std::string();
  const std::string_view id = IdOf(service);
  for (const std::string& variable : {Cat("AWS_ENDPOINT_URL_", ToUpper(id)), std::string("AWS_ENDPOINT_URL")}) {
    if (auto url = config.environment(variable.c_str())) return *std::move(url);
  }
  if (const std::string_view name = FindSetting(config.Profile(), "services"); !name.empty()) {
    const auto section = config.files.services.find(name);
    if (section == config.files.services.end()) {
      return BadConfig(Cat("the profile \"", config.profile_name, "\" names the services section \"", name,
                           "\", which is not in AWS's shared files"));
    }
    const std::string_view url = FindSetting(section->second, Cat(id, ".endpoint_url"));
    if (!url.empty()) return std::string(url);
  }
  return std::string(FindSetting(config.Profile(), "endpoint_url"));
}

}  // namespace

const AwsProfile& AwsConfig::Profile() const {
  static const AwsProfile kNone;
  const auto found = files.profiles.find(profile_name);
  return found == files.profiles.end() ? kNone : found->second;
}

std::optional<std::string> AwsConfig::Find(const char* variable, std::string_view setting) const {
  if (auto value = environment(variable)) return value;
  const std::string_view value = FindSetting(Profile(), setting);
  return value.empty() ? std::nullopt : std::optional(std::string(value));
}

AwsConfig ReadAwsConfig(const AwsSettings& settings, const base::EnvironmentReader& environment) {
  std::string name = settings.profile;
  for (const char* variable : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    if (name.empty()) name = environment(variable).value_or("");
  }
  const bool is_chosen = !name.empty();
  return {.profile_name = is_chosen ? std::move(name) : "default",
          .is_profile_chosen = is_chosen,
          .files = ReadAwsSharedFiles(environment),
          .environment = environment};
}

AwsConfig WithoutKeys(AwsConfig config) {
  for (auto& [name, profile] : config.files.profiles) {
    for (const std::string_view setting : {"aws_secret_access_key", "aws_session_token", "aws_security_token"}) {
      const auto found = profile.find(setting);
      if (found == profile.end()) continue;
      base::Wipe(found->second);
      profile.erase(found);
    }
  }
  return config;
}

std::string FindAwsRegion(const AwsSettings& settings, const AwsConfig& config) {
  if (!settings.region.empty()) return settings.region;
  if (auto region = config.environment("AWS_REGION")) return *std::move(region);
  return config.Find("AWS_DEFAULT_REGION", "region").value_or("us-east-1");
}

Result<AwsEndpoint> FindConfiguredEndpoint(std::string_view service, std::string_view region, const AwsSettings& settings,
                                           const AwsConfig& config) {
  const auto fips = FindSwitch(config, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
  if (!fips) return fips.error();
  const auto dual_stack = FindSwitch(config, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  if (!dual_stack) return dual_stack.error();
  auto url = FindUrl(service, settings, config);
  if (!url) return std::move(url).error();
  if (url->empty()) return FindAwsEndpoint(service, region, {.fips = *fips, .dual_stack = *dual_stack});
  if (*fips || *dual_stack) {
    return BadConfig(Cat("the AWS configuration asks for a ", *fips ? "FIPS" : "dual-stack",
                         " endpoint, and sets the endpoint's URL too: leave one of them out"));
  }
  auto endpoint = FindAwsEndpoint(service, region);
  if (!endpoint) return endpoint;
  while (url->ends_with('/')) url->pop_back();
  endpoint->url = *std::move(url);
  return endpoint;
}

}  // namespace engine::vendors::aws::auth
