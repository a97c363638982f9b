// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/digitalocean/vendor.h"

namespace engine::vendors::digitalocean {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::digitalocean
