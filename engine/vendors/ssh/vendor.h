// SPDX-License-Identifier: MPL-2.0
// Files on machines that are reached by SSH.
#pragma once

#include "engine/vendors/vendor.h"

namespace engine::vendors::ssh {

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const sync::DestinationSpec kHost;              // host.cc

Vendor MakeVendor();

}  // namespace engine::vendors::ssh
