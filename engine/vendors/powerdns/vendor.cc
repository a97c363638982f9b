// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/powerdns/vendor.h"

namespace engine::vendors::powerdns {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::powerdns
