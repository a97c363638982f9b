// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/godaddy/vendor.h"

namespace engine::vendors::godaddy {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::godaddy
