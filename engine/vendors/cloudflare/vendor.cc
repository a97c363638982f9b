// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/cloudflare/vendor.h"

namespace engine::vendors::cloudflare {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .destinations = {kCustomCertificate},
          .lego = {{"cloudflare"},
                   {{"CLOUDFLARE_DNS_API_TOKEN", "api_token"},
                    {"CF_DNS_API_TOKEN", "api_token"},
                    {"CLOUDFLARE_EMAIL", "email"},
                    {"CLOUDFLARE_API_KEY", "api_key"}}}};
}

}  // namespace engine::vendors::cloudflare
