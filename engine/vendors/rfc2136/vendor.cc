// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/rfc2136/vendor.h"

namespace engine::vendors::rfc2136 {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .lego = {{"rfc2136"},
                   {{"RFC2136_NAMESERVER", "server"},
                    {"RFC2136_TSIG_KEY", "tsig_key_name"},
                    {"RFC2136_TSIG_SECRET", "tsig_secret"},
                    {"RFC2136_TSIG_ALGORITHM", "tsig_algorithm"}}}};
}

}  // namespace engine::vendors::rfc2136
