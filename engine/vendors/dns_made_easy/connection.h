// SPDX-License-Identifier: MPL-2.0
// The dns_made_easy connection as an API to call, for its own check and for the DNS provider.
#pragma once

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/dns_made_easy/api.h"

namespace engine::vendors::dns_made_easy {

// Errors: kInvalid, which blames the field.
base::Result<DnsMadeEasyApi> MakeDnsMadeEasyApi(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::dns_made_easy
