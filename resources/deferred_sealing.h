// SPDX-License-Identifier: MPL-2.0
// Deferred sealing: objects that something else made enter the state with their secrets. A moved block runs before the provider
// is configured: without CERTWRIGHT_SEALING_KEY, the secrets travel in the private data to the Read that follows, which seals
// them. A plan without that Read (-refresh=false) is refused: Terraform would save the private data as they are if the apply
// fails before it reaches the object.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "resources/resource.h"
#include "resources/sealed/payload.h"
#include "schema/diagnostics.h"

namespace resources {

// `state` with its `handle` sealed, where the sealer is ready. Else the handle is null and the private data holds `content`.
// Errors: kInternal.
base::Result<Stored> SealNowOrLater(const sealed::Sealer& sealer, const sealed::Sealable& content, schema::cty::Value state);

// For Move: the outcome. Warns when `moved` came without a sealing key, since a plan file holds the state as it was before the
// Read. `target`: the schema of what it becomes.
ImportResult FinishMove(base::Result<Stored> moved, const MoveRequest& request, const schema::Schema& target);

// For Plan. Errors: kInvalid: something waits in the private data of `stored`, which no Read has sealed. Pure.
base::Result<void> CheckSealed(const Stored& stored);

// For Read. `stored` with what waits in its private data sealed into `handle`, and the private data empty; as it is when nothing
// waits. Errors: kInvalid: no key, or none yet.
base::Result<Stored> SealDeferred(const sealed::Sealer& sealer, const Stored& stored);

}  // namespace resources
