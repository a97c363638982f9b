// SPDX-License-Identifier: MPL-2.0
// Cloudflare: DNS and custom certificates.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::cloudflare {

extern const connections::ConnectionSpec kConnection;   // connection.cc
extern const dns::ProviderSpec kDns;                    // dns.cc
extern const sync::DestinationSpec kCustomCertificate;  // custom_certificate.cc

Vendor MakeVendor();

}  // namespace engine::vendors::cloudflare
