// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/webhook/vendor.h"

namespace engine::vendors::webhook {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .destinations = {kDestination}}; }

}  // namespace engine::vendors::webhook
