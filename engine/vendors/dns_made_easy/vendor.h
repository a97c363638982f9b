// SPDX-License-Identifier: MPL-2.0
// DNS Made Easy.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::dns_made_easy {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::dns_made_easy
