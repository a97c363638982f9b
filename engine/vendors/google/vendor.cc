// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/vendor.h"

namespace engine::vendors::google {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .destinations = {kCertificateManager},
          .lego = {{"gcloud"},
                   {{"GCE_PROJECT", "project"},
                    {"GCE_SERVICE_ACCOUNT", "credentials_json"},
                    {"GCE_IMPERSONATE_SERVICE_ACCOUNT", "impersonate_service_account"}}}};
}

}  // namespace engine::vendors::google
