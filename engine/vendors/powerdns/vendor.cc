// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/powerdns/vendor.h"

namespace engine::vendors::powerdns {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .lego = {{"pdns"}, {{"PDNS_API_URL", "endpoint_url"}, {"PDNS_API_KEY", "api_key"}, {"PDNS_SERVER_NAME", "server_id"}}}};
}

}  // namespace engine::vendors::powerdns
