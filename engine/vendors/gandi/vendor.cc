// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/gandi/vendor.h"

namespace engine::vendors::gandi {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::gandi
