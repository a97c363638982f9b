// SPDX-License-Identifier: MPL-2.0
// PowerDNS: the HTTP API of its authoritative server.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::powerdns {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::powerdns
