// SPDX-License-Identifier: MPL-2.0
// The azure connection as credentials and an API to call, for its own check, the DNS provider and the destinations.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/azure/api.h"
#include "engine/vendors/azure/token.h"

namespace engine::vendors::azure {

// Shared by all uses of the same credentials. Errors: kInvalid, which blames the field.
base::Result<std::shared_ptr<AzureTokens>> FindAzureTokens(const connections::Connection& connection,
                                                           const connections::Deps& deps);

// Azure Resource Manager of the connection's cloud. Errors: kInvalid, which blames the field.
base::Result<AzureApi> MakeAzureApi(const connections::Connection& connection, const connections::Deps& deps);

// That of the connection, else ARM_SUBSCRIPTION_ID; empty: none.
std::string FindAzureSubscription(const connections::Connection& connection);

// Blames the field, where Azure's answer tells which one it is.
base::Error BlameAzureField(base::Error error, const connections::Connection& connection);

}  // namespace engine::vendors::azure
