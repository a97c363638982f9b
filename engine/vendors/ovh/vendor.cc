// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/ovh/vendor.h"

namespace engine::vendors::ovh {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::ovh
