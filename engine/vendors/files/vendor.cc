// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/files/vendor.h"

namespace engine::vendors::files {

Vendor MakeVendor() { return {.destinations = {kLocalFiles}}; }

}  // namespace engine::vendors::files
