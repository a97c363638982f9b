// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/ovh/vendor.h"

namespace engine::vendors::ovh {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .lego = {{"ovh"},
                   {{"OVH_APPLICATION_KEY", "application_key"},
                    {"OVH_APPLICATION_SECRET", "application_secret"},
                    {"OVH_CONSUMER_KEY", "consumer_key"},
                    {"OVH_ENDPOINT", "endpoint"}}}};
}

}  // namespace engine::vendors::ovh
