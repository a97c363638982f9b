// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/ambient.h"

#include <optional>
#include <utility>

#include "base/http/api_error.h"
#include "base/read_file.h"
#include "base/text.h"

namespace engine::vendors::azure {
namespace {

using base::Cat;
using base::EnvironmentReader;
using base::EqualsIgnoreCase;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::Secret;

Error Unusable(std::string message) { return Error{ErrorKind::kInvalid, std::move(message)}; }

std::optional<std::string> FirstOf(const EnvironmentReader& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (auto value = environment(name)) return value;
  }
  return std::nullopt;
}

bool IsTrue(const EnvironmentReader& environment, const char* name) {
  const std::string value = environment(name).value_or("");
  return value == "1" || EqualsIgnoreCase(value, "true");
}

// The variable, or the content of the file that it names with _FILE_PATH behind it; empty if neither is set.
Result<std::string> ReadVariable(const EnvironmentReader& environment, const std::string& name) {
  if (auto value = environment(name.c_str())) return *std::move(value);
  const std::string file_name = name + "_FILE_PATH";
  const auto path = environment(file_name.c_str());
  if (!path) return std::string();
  const auto content = base::ReadSmallFile(*path);
  if (!content) return Unusable(Cat("the file that ", file_name, " names cannot be read"));
  return std::string(base::Trim(content->Reveal()));
}

// Of one family of variables, "ARM" or "AZURE".
Result<void> ReadApplication(const EnvironmentReader& environment, const std::string& family, AzureSettings& settings) {
  auto tenant = ReadVariable(environment, family + "_TENANT_ID");
  if (!tenant) return std::move(tenant).error();
  auto client = ReadVariable(environment, family + "_CLIENT_ID");
  if (!client) return std::move(client).error();
  if (tenant->empty() || client->empty()) {
    return Unusable(
        Cat(family, "_TENANT_ID and ", family, "_CLIENT_ID are not both set, which the other ", family, "_* variables need"));
  }
  settings.tenant_id = *std::move(tenant);
  settings.client_id = *std::move(client);
  return {};
}

Result<void> ReadCertificate(const EnvironmentReader& environment, const std::string& family, AzureSettings& settings) {
  settings.method = AzureMethod::kCertificate;
  const std::string password = family + "_CLIENT_CERTIFICATE_PASSWORD";
  settings.certificate_password = Secret(environment(password.c_str()).value_or(""));
  if (auto content = family == "ARM" ? environment("ARM_CLIENT_CERTIFICATE") : std::nullopt) {
    settings.client_certificate = Secret(*std::move(content));
    return {};
  }
  const std::string name = family + "_CLIENT_CERTIFICATE_PATH";
  auto file = base::ReadSmallFile(environment(name.c_str()).value_or(""));
  if (!file) return Unusable(Cat("the file that ", name, " names cannot be read"));
  settings.client_certificate = *std::move(file);
  return {};
}

Result<void> ReadClientSecret(const EnvironmentReader& environment, const std::string& family, AzureSettings& settings) {
  settings.method = AzureMethod::kSecret;
  const auto text = ReadVariable(environment, family + "_CLIENT_SECRET");
  if (!text) return text.error();
  auto secret = base::http::ParseHeaderSecret(*text);
  if (!secret) return Unusable(Cat(family, "_CLIENT_SECRET cannot be right: ", secret.error().message));
  settings.client_secret = Secret(*std::move(secret));
  return {};
}

Result<void> ReadOidc(const EnvironmentReader& environment, AzureSettings& settings) {
  settings.method = AzureMethod::kFederatedToken;
  if (auto token = environment("ARM_OIDC_TOKEN")) {
    settings.federated_token = Secret(*std::move(token));
    return {};
  }
  if (auto path = environment("ARM_OIDC_TOKEN_FILE_PATH")) {
    settings.token_file = *std::move(path);
    return {};
  }
  return ReadOidcRequest(environment, settings);
}

// https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs#argument-reference
Result<AzureSettings> FindArmSettings(const EnvironmentReader& environment) {
  AzureSettings settings;
  Result<void> read;
  if (FirstOf(environment, {"ARM_CLIENT_CERTIFICATE", "ARM_CLIENT_CERTIFICATE_PATH"})) {
    read = ReadCertificate(environment, "ARM", settings);
  } else if (FirstOf(environment, {"ARM_CLIENT_SECRET", "ARM_CLIENT_SECRET_FILE_PATH"})) {
    read = ReadClientSecret(environment, "ARM", settings);
  } else if (IsTrue(environment, "ARM_USE_OIDC")) {
    read = ReadOidc(environment, settings);
  } else if (IsTrue(environment, "ARM_USE_MSI")) {
    settings.method = AzureMethod::kManagedIdentity;
    settings.client_id = environment("ARM_CLIENT_ID").value_or("");
    return settings;
  } else {
    return Error{ErrorKind::kNotFound, "no ARM_* variable says how to log in"};
  }
  if (!read) return std::move(read).error();
  if (read = ReadApplication(environment, "ARM", settings); !read) return std::move(read).error();
  return settings;
}

// https://learn.microsoft.com/python/api/overview/azure/identity-readme#environment-variables
Result<AzureSettings> FindSdkSettings(const EnvironmentReader& environment) {
  AzureSettings settings;
  Result<void> read;
  if (environment("AZURE_CLIENT_SECRET")) {
    read = ReadClientSecret(environment, "AZURE", settings);
  } else if (environment("AZURE_CLIENT_CERTIFICATE_PATH")) {
    settings.sends_chain = IsTrue(environment, "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN");
    read = ReadCertificate(environment, "AZURE", settings);
  } else if (auto path = environment("AZURE_FEDERATED_TOKEN_FILE")) {
    settings.method = AzureMethod::kFederatedToken;
    settings.token_file = *std::move(path);
  } else if (environment("AZURE_USERNAME") && environment("AZURE_PASSWORD")) {
    return Unusable("AZURE_USERNAME and AZURE_PASSWORD are not supported: Microsoft has deprecated logins with a password");
  } else {
    return Error{ErrorKind::kNotFound, "no AZURE_* variable says how to log in"};
  }
  if (!read) return std::move(read).error();
  if (read = ReadApplication(environment, "AZURE", settings); !read) return std::move(read).error();
  return settings;
}

}  // namespace

Result<AzureSettings> FindAmbientSettings(const EnvironmentReader& environment) {
  auto settings = FindArmSettings(environment);
  return !settings && settings.error().kind == ErrorKind::kNotFound ? FindSdkSettings(environment) : std::move(settings);
}

Result<void> ReadOidcRequest(const EnvironmentReader& environment, AzureSettings& settings) {
  settings.method = AzureMethod::kOidcRequest;
  const auto url = FirstOf(environment, {"ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"});
  const auto token = FirstOf(environment, {"ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"});
  if (!url || !token) {
    return Unusable(
        "the CI system gives the job no token to log in with: in GitHub Actions the job needs `permissions: id-token: "
        "write`, elsewhere set ARM_OIDC_REQUEST_URL and ARM_OIDC_REQUEST_TOKEN");
  }
  settings.oidc_request_url = *url;
  settings.oidc_request_token = Secret(*token);
  settings.service_connection_id =
      FirstOf(environment, {"ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
                            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"})
          .value_or("");
  return {};
}

std::string FindCloudProblem(const EnvironmentReader& environment, const AzureCloud& cloud) {
  if (const auto name = environment("ARM_ENVIRONMENT"); name && *name != cloud.name) {
    return Cat("ARM_ENVIRONMENT says ", base::Printable(*name, 40), ", and `environment` says ", cloud.name,
               ": set `environment` to the cloud that is meant");
  }
  std::string host = environment("AZURE_AUTHORITY_HOST").value_or("");
  while (host.ends_with('/')) host.pop_back();
  if (host.empty() || host == cloud.authority_url || Cat("https://", host) == cloud.authority_url) return "";
  return Cat("AZURE_AUTHORITY_HOST is another one than that of the cloud ", cloud.name,
             ": set `environment` or `authority_url` to what is meant");
}

}  // namespace engine::vendors::azure
