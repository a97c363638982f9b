// SPDX-License-Identifier: MPL-2.0
// Dynamic DNS updates (RFC 2136).
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::rfc2136 {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::rfc2136
