// SPDX-License-Identifier: MPL-2.0
// The vault connection as an API to call, for its own check and for the destination.
#pragma once

#include <memory>

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/vault/api.h"

namespace engine::vendors::vault {

// Errors: kInvalid, which blames the field.
base::Result<std::shared_ptr<VaultApi>> ShareVaultApi(const connections::Connection& connection, const connections::Deps& deps);

// Blames the field if the login was refused.
base::Error BlameVaultField(base::Error error, const connections::Connection& connection);

}  // namespace engine::vendors::vault
