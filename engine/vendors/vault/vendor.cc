// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/vault/vendor.h"

namespace engine::vendors::vault {

Vendor MakeVendor() { return {.connection = kConnection, .destinations = {kKv}}; }

}  // namespace engine::vendors::vault
