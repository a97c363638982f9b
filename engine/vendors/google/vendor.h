// SPDX-License-Identifier: MPL-2.0
// Google Cloud: Cloud DNS and Certificate Manager.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::google {

extern const connections::ConnectionSpec kConnection;    // connection.cc
extern const dns::ProviderSpec kDns;                     // dns.cc
extern const sync::DestinationSpec kCertificateManager;  // certificate_manager.cc

Vendor MakeVendor();

}  // namespace engine::vendors::google
