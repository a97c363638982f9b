// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/dns_made_easy/vendor.h"

namespace engine::vendors::dns_made_easy {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .lego = {{"dnsmadeeasy"}, {{"DNSMADEEASY_API_KEY", "api_key"}, {"DNSMADEEASY_API_SECRET", "secret_key"}}}};
}

}  // namespace engine::vendors::dns_made_easy
