// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/linode/vendor.h"

namespace engine::vendors::linode {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns}; }

}  // namespace engine::vendors::linode
