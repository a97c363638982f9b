// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/vendor.h"

namespace engine::vendors::azure {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .destinations = {kKeyVault}}; }

}  // namespace engine::vendors::azure
