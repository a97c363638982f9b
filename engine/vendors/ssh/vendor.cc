// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/ssh/vendor.h"

namespace engine::vendors::ssh {

Vendor MakeVendor() { return {.connection = kConnection, .destinations = {kHost}}; }

}  // namespace engine::vendors::ssh
