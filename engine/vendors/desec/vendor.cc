// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/desec/vendor.h"

namespace engine::vendors::desec {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .lego = {{"desec"}, {{"DESEC_TOKEN", "api_token"}}}}; }

}  // namespace engine::vendors::desec
