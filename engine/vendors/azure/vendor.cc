// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/vendor.h"

namespace engine::vendors::azure {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .destinations = {kKeyVault},
          .lego = {{"azure", "azuredns"},
                   {{"AZURE_CLIENT_ID", "client_id"},
                    {"AZURE_CLIENT_SECRET", "client_secret"},
                    {"AZURE_TENANT_ID", "tenant_id"},
                    {"AZURE_SUBSCRIPTION_ID", "subscription_id"},
                    {"AZURE_ENVIRONMENT", "environment"}}}};
}

}  // namespace engine::vendors::azure
