// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/ionos/vendor.h"

namespace engine::vendors::ionos {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .lego = {{"ionos"}, {{"IONOS_API_KEY", "api_token"}}}}; }

}  // namespace engine::vendors::ionos
