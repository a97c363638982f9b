// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/hetzner/vendor.h"

namespace engine::vendors::hetzner {

Vendor MakeVendor() {
  return {.connection = kConnection, .dns = kDns, .lego = {{"hetzner"}, {{"HETZNER_API_TOKEN", "api_token"}}}};
}

}  // namespace engine::vendors::hetzner
