// SPDX-License-Identifier: MPL-2.0
// What a sync remembers in its private data: the objects that it put at the destination, by the user's keys (only these are ever
// changed or removed), and what it put them there with.
#pragma once

#include <map>
#include <string>

#include "engine/sync/destination.h"

namespace resources::certificate_sync {

using DeployedByKey = std::map<std::string, engine::sync::Deployed>;

struct SyncMemory {
  DeployedByKey deployed{};
  std::string sealed_secrets{};   // of the destination (handle_kind::kSecrets), as they were last pushed with; empty: none
  std::string planned_secrets{};  // what a plan found out that they shall be; empty: none, or not known by then
};

std::string ToText(const SyncMemory& memory);
// Anything unreadable reads as empty: nothing is then touched that is not known to be ours.
SyncMemory ParseMemory(const std::string& private_data);

}  // namespace resources::certificate_sync
