// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/ns1/vendor.h"

namespace engine::vendors::ns1 {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::ns1
