// SPDX-License-Identifier: MPL-2.0
// Linode (Akamai Cloud): DNS.
#pragma once

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::linode {

// https://techdocs.akamai.com/linode-api/reference/rate-limits: 200 lists a minute, 1600 of everything else.
inline constexpr connections::RestVendor kApi{
    .name = "Linode",
    .url = "https://api.linode.com/v4",
    .variable = "LINODE_TOKEN",
    .rate = {200, std::chrono::minutes(1)},
    .error_message = "errors/0/reason",
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::linode
