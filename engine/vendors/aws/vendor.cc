// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/vendor.h"

namespace engine::vendors::aws {

Vendor MakeVendor() {
  return {.connection = kConnection,
          .dns = kDns,
          .destinations = {kCertificateManager, kLoadBalancer, kSecretsManager},
          .lego = {{"route53"},
                   {{"AWS_ACCESS_KEY_ID", "access_key_id"},
                    {"AWS_SECRET_ACCESS_KEY", "secret_access_key"},
                    {"AWS_PROFILE", "profile"},
                    {"AWS_REGION", "region"},
                    {"AWS_ASSUME_ROLE_ARN", "assume_role.role_arn"},
                    {"AWS_EXTERNAL_ID", "assume_role.external_id"}}}};
}

}  // namespace engine::vendors::aws
