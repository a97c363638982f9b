// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/rfc2136/vendor.h"

namespace engine::vendors::rfc2136 {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::rfc2136
