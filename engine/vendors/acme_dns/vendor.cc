// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/acme_dns/vendor.h"

namespace engine::vendors::acme_dns {

Vendor MakeVendor() {
  return {.connection = kConnection, .dns = kDns, .lego = {{"acme-dns"}, {{"ACME_DNS_API_BASE", "endpoint_url"}}}};
}

}  // namespace engine::vendors::acme_dns
