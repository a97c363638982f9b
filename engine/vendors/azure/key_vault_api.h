// SPDX-License-Identifier: MPL-2.0
// Azure Key Vault's certificates (https://learn.microsoft.com/rest/api/keyvault/certificates/operation-groups), version 7.4.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/call.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/vendors/azure/api.h"

namespace engine::vendors::azure {

using KeyVaultTags = std::map<std::string, std::string, std::less<>>;

struct KeyVaultCertificate {
  std::string id;       // without a version: "https://my-vault.vault.azure.net/certificates/web"
  std::string version;  // empty in lists
  std::string x5t;      // base64url of SHA-1 over the leaf's DER
  std::string cer;      // the leaf's DER; empty in lists
  KeyVaultTags tags{};
  bool is_enabled = true;
};

struct KeyVaultImport {
  base::Secret value;           // the file's bytes: PKCS #12, or PEM with the key first
  base::Secret password{};      // of a PKCS #12
  std::string_view type;        // "application/x-pkcs12", "application/x-pem-file"
  base::Json key_properties{};  // "kty", "key_size", "crv" and so on, as the API has them
  KeyVaultTags tags{};
};

// What tokens for the vault are for: "https://vault.azure.net" in the public cloud. Empty when the URL is none of a vault:
// https://<name>.vault.azure.net, .vault.usgovcloudapi.net or .vault.azure.cn.
std::string KeyVaultResource(std::string_view vault_url);
// Of the cloud "public", "usgovernment" or "china".
std::string_view KeyVaultResourceOfCloud(std::string_view cloud);

// Errors everywhere: those of AzureApi::Send; kNotFound when there is no such certificate.
class KeyVaultApi {
 public:
  explicit KeyVaultApi(AzureApi api) : api_(std::move(api)) {}

  base::Result<KeyVaultCertificate> Get(const base::Call& call, std::string_view name) const;  // the newest version
  // The newest version of each certificate of the vault, by name. A request for each 25.
  base::Result<std::map<std::string, KeyVaultCertificate>> List(const base::Call& call) const;
  // A new version at each call: not sent again after a lost answer. Errors: kConflict with the code
  // ObjectIsDeletedButRecoverable, ObjectIsBeingDeleted or ObjectIsBeingRecovered.
  base::Result<KeyVaultCertificate> Import(const base::Call& call, std::string_view name, const KeyVaultImport& import) const;
  // In the place of all that it has.
  base::Result<void> SetTags(const base::Call& call, std::string_view name, std::string_view version,
                             const KeyVaultTags& tags) const;
  // Where the vault keeps what is deleted, its name stays taken until it is recovered or purged.
  base::Result<void> Delete(const base::Call& call, std::string_view name) const;
  base::Result<KeyVaultCertificate> GetDeleted(const base::Call& call, std::string_view name) const;
  // It takes some seconds until Get finds it.
  base::Result<void> Recover(const base::Call& call, std::string_view name) const;

 private:
  AzureApi api_;
};

}  // namespace engine::vendors::azure
