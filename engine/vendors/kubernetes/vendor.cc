// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/vendor.h"

namespace engine::vendors::kubernetes {

Vendor MakeVendor() { return {.connection = kConnection, .destinations = {kSecret}}; }

}  // namespace engine::vendors::kubernetes
