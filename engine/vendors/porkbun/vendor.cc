// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/porkbun/vendor.h"

namespace engine::vendors::porkbun {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .lego = {{"porkbun"}, {{"PORKBUN_API_KEY", "api_key"}, {"PORKBUN_SECRET_API_KEY", "secret_api_key"}}}};
}

}  // namespace engine::vendors::porkbun
