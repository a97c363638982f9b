// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/vultr/vendor.h"

namespace engine::vendors::vultr {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .lego = {{"vultr"}, {{"VULTR_API_KEY", "api_token"}}}}; }

}  // namespace engine::vendors::vultr
