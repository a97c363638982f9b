// SPDX-License-Identifier: MPL-2.0
// Certificates of a key vault as stored objects: each under a name of its own, renewals as new versions of it.
#pragma once

#include <memory>
#include <string>

#include "engine/sync/stored_object_destination.h"
#include "engine/vendors/azure/key_vault_api.h"

namespace engine::vendors::azure {

struct KeyVaultOptions {
  bool has_versioning;  // if not, each renewal gets a name of its own
  std::string format;   // "pkcs12" or "pem"
};

std::unique_ptr<sync::ObjectStore> MakeKeyVaultStore(KeyVaultApi api, const sync::Setup& setup, KeyVaultOptions options);

}  // namespace engine::vendors::azure
