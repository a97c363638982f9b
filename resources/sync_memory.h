// SPDX-License-Identifier: MPL-2.0
// What a sync remembers in its private data: the objects that it put at the destination, by the user's keys. Only these are ever
// changed or removed.
#pragma once

#include <map>
#include <string>

#include "engine/sync/destination.h"

namespace resources {

using DeployedByKey = std::map<std::string, engine::sync::Deployed>;

std::string ToText(const DeployedByKey& deployed);
// Anything unreadable reads as empty: nothing is then touched that is not known to be ours.
DeployedByKey ParseDeployed(const std::string& private_data);

}  // namespace resources
