// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/vendor.h"

namespace engine::vendors::aws {

Vendor MakeVendor() {
  return {.connection = kConnection, .dns = kDns, .destinations = {kCertificateManager, kLoadBalancer, kSecretsManager}};
}

}  // namespace engine::vendors::aws
