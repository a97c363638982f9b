// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/gcore/vendor.h"

namespace engine::vendors::gcore {

Vendor MakeVendor() {
  return {.connection = kConnection, .dns = kDns, .lego = {{"gcore"}, {{"GCORE_PERMANENT_API_TOKEN", "api_token"}}}};
}

}  // namespace engine::vendors::gcore
