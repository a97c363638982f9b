// SPDX-License-Identifier: MPL-2.0
// Microsoft Azure: Azure DNS and Key Vault.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::azure {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc
extern const sync::DestinationSpec kKeyVault;          // key_vault.cc

Vendor MakeVendor();

}  // namespace engine::vendors::azure
