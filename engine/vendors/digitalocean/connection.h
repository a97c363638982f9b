// SPDX-License-Identifier: MPL-2.0
// The digitalocean connection as an API to call, for its own check and for the DNS provider.
#pragma once

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/digitalocean/api.h"

namespace engine::vendors::digitalocean {

// Errors: kInvalid, which blames the field.
base::Result<DigitaloceanApi> MakeDigitaloceanApi(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::digitalocean
