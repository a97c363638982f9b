// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/ns1/vendor.h"

namespace engine::vendors::ns1 {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .lego = {{"ns1"}, {{"NS1_API_KEY", "api_token"}}}}; }

}  // namespace engine::vendors::ns1
