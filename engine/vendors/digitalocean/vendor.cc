// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/digitalocean/vendor.h"

namespace engine::vendors::digitalocean {

Vendor MakeVendor() {
  return {.connection = kConnection, .dns = kDns, .lego = {{"digitalocean"}, {{"DO_AUTH_TOKEN", "api_token"}}}};
}

}  // namespace engine::vendors::digitalocean
