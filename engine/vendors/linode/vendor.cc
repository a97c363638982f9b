// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/linode/vendor.h"

namespace engine::vendors::linode {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .lego = {{"linode"}, {{"LINODE_TOKEN", "api_token"}}}}; }

}  // namespace engine::vendors::linode
