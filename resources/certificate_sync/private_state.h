// SPDX-License-Identifier: MPL-2.0
// What a sync knows about the destination besides its state's attributes: the objects that it put there, by the user's keys (only
// these are ever changed or removed), and the secrets that it put them there with. The receipt, an attribute, is the sealed
// record of it; the private data is a cache, and what states without a receipt have.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/secret.h"
#include "engine/sync/destination.h"
#include "resources/certificate_sync/model.h"
#include "resources/context.h"

namespace resources::certificate_sync {

using DeployedByKey = std::map<std::string, engine::sync::Deployed>;

struct SyncMemory {
  DeployedByKey deployed{};
  std::string sealed_secrets{};  // of the destination (handle_kind::kSecrets), as they were last pushed with; empty: none
  std::optional<base::TimePoint> decided_at{};  // of a plan: when it decided what has expired; empty: the refresh has decided
  std::string planned_secrets{};                // what a plan found out that they will be; empty: none, or not known by then
  bool look_refused = false;  // the last look was refused with the credentials of then: what the state says may be out of date
};

// The private data.
std::string ToText(const SyncMemory& memory);
// Anything unreadable reads as empty: nothing is then touched that is not known to be ours.
SyncMemory ParseMemory(const std::string& private_data);

// The receipt: a handle of the kind `sync`. The same for the same content. `sync`: with `id` and `destination`.
// Errors: as sealed::Sealer::Seal.
base::Result<base::Secret> SealReceipt(const Context& context, const SyncModel& sync, const SyncMemory& memory);

// What the receipt of `state` says or, for a state without one, its private data. `planned_secrets` and
// `look_refused` come from the private data.
// Errors: kInvalid: the receipt cannot be opened, or belongs to another sync or destination. Nothing may be touched then.
base::Result<SyncMemory> ReadMemory(const Context& context, const SyncModel& state, const std::string& private_data);

}  // namespace resources::certificate_sync
