// SPDX-License-Identifier: MPL-2.0
// What the environment says about a Vault server, as Vault's own command line reads it
// (https://developer.hashicorp.com/vault/docs/commands#environment-variables). Left out, with an error that says so: servers that
// are not verified or have another name, folders of CAs, and proxies and agents of Vault's own.
#pragma once

#include <string>

#include "base/environment.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::vendors::vault {

struct VaultServer {
  std::string url;
  std::string vault_namespace;         // empty: none
  std::string ca_pem;                  // empty: the system's
  std::string client_certificate_pem;  // empty: none
  base::Secret client_key_pem;
};

// VAULT_ADDR, VAULT_NAMESPACE, and the files of VAULT_CACERT, VAULT_CLIENT_CERT and VAULT_CLIENT_KEY.
// Errors: kInvalid (there is no VAULT_ADDR; something that cannot be followed; a file that cannot be read).
base::Result<VaultServer> FindAmbientServer(const base::EnvironmentReader& environment);

// VAULT_TOKEN, else what `vault login` left in ~/.vault-token. Errors: kInvalid, there is none.
base::Result<base::Secret> FindAmbientToken(const base::EnvironmentReader& environment);

}  // namespace engine::vendors::vault
