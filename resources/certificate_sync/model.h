// SPDX-License-Identifier: MPL-2.0
// What the user writes for a sync; the destination blocks come from the specs of engine/sync.
#pragma once

#include "schema/schema.h"

namespace resources::certificate_sync {

schema::Schema CertificateSyncSchema();

}  // namespace resources::certificate_sync
