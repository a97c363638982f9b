// SPDX-License-Identifier: MPL-2.0
// Kubernetes: Secrets of a cluster.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::kubernetes {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const sync::DestinationSpec kSecret;            // secret.cc

Vendor MakeVendor();

}  // namespace engine::vendors::kubernetes
