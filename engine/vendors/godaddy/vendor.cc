// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/godaddy/vendor.h"

namespace engine::vendors::godaddy {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .lego = {{"godaddy"}, {{"GODADDY_API_KEY", "api_key"}, {"GODADDY_API_SECRET", "api_secret"}}}};
}

}  // namespace engine::vendors::godaddy
