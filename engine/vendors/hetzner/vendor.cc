// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/hetzner/vendor.h"

namespace engine::vendors::hetzner {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::hetzner
