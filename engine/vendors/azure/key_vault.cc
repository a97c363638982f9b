// SPDX-License-Identifier: MPL-2.0
// Azure Key Vault: each certificate under a name of its own, renewals as new versions of it.
#include <algorithm>
#include <array>
#include <utility>

#include "base/http/api_error.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/vendors/azure/connection.h"
#include "engine/vendors/azure/key_vault_store.h"
#include "engine/vendors/azure/vendor.h"

namespace engine::vendors::azure {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using sync::DestinationSpec;
using sync::Settings;
using sync::Setup;

constexpr std::size_t kMaxTags = 13;

constexpr std::array kDestinationFields{
    base::ConfigField{.name = "vault_url",
                      .required = true,
                      .doc = "The vault's URL, such as `https://my-vault.vault.azure.net`.",
                      .identity = true},
    base::ConfigField{
        .name = "enable_versioning",
        .kind = base::FieldKind::kBool,
        .default_value = "true",
        .doc = "Whether a renewal is a new version under the same name. If not, it gets a name of its own, which ends in the "
               "first eight digits of its fingerprint, and the former one is removed."},
    base::ConfigField{
        .name = "format",
        .default_value = "pkcs12",
        .one_of = "pkcs12|pem",
        .doc = "What the vault hands out as the certificate's secret: `pkcs12`, which Application Gateway and App Service "
               "want, or `pem`."},
    base::ConfigField{.name = "tags",
                      .kind = base::FieldKind::kStringMap,
                      .doc = "Tags of the certificates, besides Certwright's own two; a vault takes 15."},
};

bool IsLoopback(std::string_view vault_url) {
  const auto url = base::ParseUrl(vault_url);
  return url && (url->host == "127.0.0.1" || url->host == "::1" || url->host == "localhost");
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  auto problems = sync::CheckTags(settings, {});
  // https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
  if (settings.Map("tags").size() > kMaxTags) {
    problems.push_back({"tags", Cat("A vault takes 15 tags, and two of them are Certwright's: set at most ", kMaxTags, ".")});
  }
  const std::string_view url = settings.Text("vault_url");
  const bool is_vault = !KeyVaultResource(url).empty() || IsLoopback(url);
  if (!url.empty() && (!is_vault || !base::http::ParseApiUrl(url))) {
    problems.push_back({"vault_url", "Give the vault's URL, such as https://my-vault.vault.azure.net."});
  }
  return problems;
}

std::string CheckName(std::string_view name) {
  const bool is_made_of = std::all_of(name.begin(), name.end(), [](char one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9') || one == '-';
  });
  if (!is_made_of) return "Azure Key Vault takes names of letters, digits and dashes alone.";
  return name.size() <= 127 ? "" : "Azure Key Vault takes names of 127 characters at most.";
}

Result<std::unique_ptr<sync::Destination>> Make(const Setup& setup) {
  const auto url = base::http::ParseApiUrl(setup.settings.Text("vault_url"));
  if (!url)
    return Error{.kind = ErrorKind::kInvalid, .message = url.error().message, .blame = sync::DestinationField("vault_url")};
  const std::string_view cloud = setup.connection->settings.Text("environment");
  const std::string resource(KeyVaultResourceOfCloud(cloud));
  if (KeyVaultResource(*url) != resource && !IsLoopback(*url)) {
    return Error{.kind = ErrorKind::kInvalid,
                 .message = Cat("the vault is not of the connection's cloud, which is \"", cloud, "\""),
                 .blame = sync::DestinationField("vault_url")};
  }
  auto tokens = FindAzureTokens(*setup.connection, setup.deps);
  if (!tokens) return std::move(tokens).error();
  KeyVaultApi api(AzureApi(*setup.deps.http, *url, *std::move(tokens), resource));
  KeyVaultOptions options{.has_versioning = setup.settings.Flag("enable_versioning"),
                          .format = std::string(setup.settings.Text("format"))};
  return sync::MakeStoredObjectDestination(MakeKeyVaultStore(std::move(api), setup, std::move(options)), setup);
}

}  // namespace

constexpr DestinationSpec kKeyVault{
    .kind = "azure_key_vault",
    .title = "Azure Key Vault",
    .doc =
        "Imports each certificate with its key into an Azure Key Vault, in any of Azure's clouds. A renewal is a new version "
        "under "
        "the same name, so that whatever follows the name changes over by itself.",
    .connection = "azure",
    .fields = kDestinationFields,
    .external_ids =
        [](const Settings& settings) {
          return settings.Flag("enable_versioning") ? sync::ExternalIds::kByName : sync::ExternalIds::kChange;
        },
    .has_versions = true,
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::azure
