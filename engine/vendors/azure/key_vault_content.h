// SPDX-License-Identifier: MPL-2.0
// A certificate as Key Vault takes it in, and how it tells the leaf.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "engine/sync/bundle.h"
#include "engine/vendors/azure/key_vault_api.h"

namespace engine::vendors::azure {

// base64url of SHA-1 over the leaf's DER.
std::string ThumbprintOf(const sync::Bundle& bundle);

// `format`: "pkcs12" or "pem"; the name is for the entry of a PKCS #12. Without tags. Errors: kInvalid (a key that does not fit).
base::Result<KeyVaultImport> MakeImport(const sync::Bundle& bundle, std::string_view format, std::string_view name,
                                        base::Random& random);

}  // namespace engine::vendors::azure
