// SPDX-License-Identifier: MPL-2.0
// The secret settings of a sync's destination. They are write-only: nothing shows them, and what they were at the last push is
// known from what the sync keeps sealed in its private data.
#pragma once

#include <string>

#include "base/config_field.h"
#include "base/settings.h"
#include "engine/sync/destination.h"
#include "resources/sealed/handle.h"
#include "schema/cty/value.h"

namespace resources::certificate_sync {

struct SyncSecrets {
  base::SecretMap values{};  // by field
  bool differ = false;       // from those of the last push, or they are not known yet
  bool is_known = true;
};

// What `block`, the destination's as configured, says; where it says nothing (ignore_changes makes a write-only value null), what
// was kept as `sealed`. What cannot be opened counts as not kept. Pure.
SyncSecrets FindSecrets(const sealed::Sealer& sealer, const engine::sync::DestinationSpec& spec, const schema::cty::Value& block,
                        const std::string& sealed);

// Whether the field has a use with these settings (ConfigField::goes_with).
bool HasUse(const base::ConfigField& field, const base::Settings& settings);

}  // namespace resources::certificate_sync
