// SPDX-License-Identifier: MPL-2.0
// Amazon Web Services: Route 53, Certificate Manager, load balancers and Secrets Manager.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::aws {

extern const connections::ConnectionSpec kConnection;    // connection.cc
extern const dns::ProviderSpec kDns;                     // dns.cc
extern const sync::DestinationSpec kCertificateManager;  // certificate_manager.cc
extern const sync::DestinationSpec kLoadBalancer;        // load_balancer.cc
extern const sync::DestinationSpec kSecretsManager;      // secrets_manager.cc

Vendor MakeVendor();

}  // namespace engine::vendors::aws
