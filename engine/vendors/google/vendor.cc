// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/vendor.h"

namespace engine::vendors::google {

Vendor MakeVendor() { return {.connection = kConnection, .dns = kDns, .destinations = {kCertificateManager}}; }

}  // namespace engine::vendors::google
