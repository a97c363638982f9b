// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/webhook/vendor.h"

namespace engine::vendors::webhook {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .destinations = {kDestination},
          .lego = {{"httpreq"},
                   {{"HTTPREQ_ENDPOINT", "endpoint_url"}, {"HTTPREQ_USERNAME", "username"}, {"HTTPREQ_PASSWORD", "password"}}}};
}

}  // namespace engine::vendors::webhook
