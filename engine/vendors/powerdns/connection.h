// SPDX-License-Identifier: MPL-2.0
// The powerdns connection as an API to call, for its own check and for the DNS provider.
#pragma once

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/powerdns/api.h"

namespace engine::vendors::powerdns {

// Errors: kInvalid, which blames the field.
base::Result<PowerdnsApi> MakePowerdnsApi(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::powerdns
