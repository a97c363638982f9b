// SPDX-License-Identifier: MPL-2.0
// The cloudflare connection as an API to call, for its own check and for the DNS provider.
#pragma once

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/cloudflare/api.h"

namespace engine::vendors::cloudflare {

// Errors: kInvalid, which blames the field.
base::Result<CloudflareApi> MakeCloudflareApi(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::cloudflare
