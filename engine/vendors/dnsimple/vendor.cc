// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/dnsimple/vendor.h"

namespace engine::vendors::dnsimple {

Vendor MakeVendor() {
  return {.connection = kConnection, .dns = kDns, .lego = {{"dnsimple"}, {{"DNSIMPLE_OAUTH_TOKEN", "api_token"}}}};
}

}  // namespace engine::vendors::dnsimple
