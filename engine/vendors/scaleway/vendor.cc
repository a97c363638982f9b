// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/scaleway/vendor.h"

namespace engine::vendors::scaleway {

Vendor MakeVendor() {
  return {.connection = kConnection, .dns = kDns, .lego = {{"scaleway"}, {{"SCW_SECRET_KEY", "api_token"}}}};
}

}  // namespace engine::vendors::scaleway
