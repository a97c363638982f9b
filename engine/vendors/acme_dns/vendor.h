// SPDX-License-Identifier: MPL-2.0
// acme-dns: accounts at a server that holds challenge values and nothing else.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::acme_dns {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::acme_dns
