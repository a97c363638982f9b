// SPDX-License-Identifier: MPL-2.0
// Arrival: objects that something else made, on their way into the state with their secrets. A moved block runs before the
// provider is configured: without CERTWRIGHT_SEALING_KEY the secrets travel in the private data to the Read that follows, which
// seals them.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "resources/handle.h"
#include "resources/resource.h"

namespace resources {

// `state` with its `handle` sealed, where the sealer is ready. Else the handle is null and the private data holds `payload`.
// Errors: kInternal.
base::Result<Stored> Arrive(const Sealer& sealer, std::string_view kind, const base::Secret& payload, schema::cty::Value state);

// `stored` with what waits in its private data sealed into `handle`, and the private data empty; as it is when nothing waits.
// Errors: kInvalid: no key, or none yet. Pure.
base::Result<Stored> SealArrived(const Sealer& sealer, std::string_view kind, const Stored& stored);

}  // namespace resources
