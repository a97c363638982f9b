// SPDX-License-Identifier: MPL-2.0
// States of certwright_certificate_sync that earlier versions of its schema wrote.
#pragma once

#include <span>

#include "schema/upgrade.h"

namespace resources::certificate_sync {

// Version 0 to 1: the members of `options` become attributes, with their defaults where they were not set.
std::span<const schema::UpgradeStep> SyncUpgradeSteps();

}  // namespace resources::certificate_sync
