// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/bunny/vendor.h"

namespace engine::vendors::bunny {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .lego = {{"bunny"}, {{"BUNNY_API_KEY", "api_token"}}}}; }

}  // namespace engine::vendors::bunny
