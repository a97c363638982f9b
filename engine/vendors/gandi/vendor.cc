// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/gandi/vendor.h"

namespace engine::vendors::gandi {

Vendor MakeVendor() {
  return {
      .connection = kConnection, .dns = kDns, .lego = {{"gandi", "gandiv5"}, {{"GANDIV5_PERSONAL_ACCESS_TOKEN", "api_token"}}}};
}

}  // namespace engine::vendors::gandi
