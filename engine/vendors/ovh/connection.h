// SPDX-License-Identifier: MPL-2.0
// The ovh connection as an API to call, for its own check and for the DNS provider.
#pragma once

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/ovh/api.h"

namespace engine::vendors::ovh {

// With what the connection leaves out taken from the environment. Errors: kInvalid, which blames the field.
base::Result<OvhApi> MakeOvhApi(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::ovh
