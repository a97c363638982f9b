// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/cloudflare/vendor.h"

namespace engine::vendors::cloudflare {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .destinations = {kCustomCertificate}}; }

}  // namespace engine::vendors::cloudflare
