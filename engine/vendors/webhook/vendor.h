// SPDX-License-Identifier: MPL-2.0
// A server of the user's own that changes DNS or keeps certificates.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::webhook {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc
extern const sync::DestinationSpec kDestination;       // destination.cc

Vendor MakeVendor();

}  // namespace engine::vendors::webhook
