// SPDX-License-Identifier: MPL-2.0
// DigitalOcean: DNS.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::digitalocean {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::digitalocean
