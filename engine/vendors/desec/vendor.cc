// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/desec/vendor.h"

namespace engine::vendors::desec {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::desec
