// SPDX-License-Identifier: MPL-2.0
// HashiCorp Vault and OpenBao: the key/value engine.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::vault {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const sync::DestinationSpec kKv;                // kv.cc

Vendor MakeVendor();

}  // namespace engine::vendors::vault
