// SPDX-License-Identifier: MPL-2.0
// The digitalocean connection as an API to call, for its own check and for the DNS provider.
#pragma once

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/digitalocean/api.h"

namespace engine::connections {

// Errors: kInvalid, with error.code the field to blame.
base::Result<base::cloud::DigitaloceanApi> MakeDigitaloceanApi(const Connection& connection, const Deps& deps);

}  // namespace engine::connections
