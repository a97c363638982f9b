// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/akamai/vendor.h"

namespace engine::vendors::akamai {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .lego = {{"edgedns"},
                   {{"AKAMAI_HOST", "endpoint_url"},
                    {"AKAMAI_CLIENT_TOKEN", "client_token"},
                    {"AKAMAI_CLIENT_SECRET", "client_secret"},
                    {"AKAMAI_ACCESS_TOKEN", "access_token"}}}};
}

}  // namespace engine::vendors::akamai
