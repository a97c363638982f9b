// SPDX-License-Identifier: MPL-2.0
// OVHcloud: DNS.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::ovh {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::ovh
