// SPDX-License-Identifier: MPL-2.0
// bunny.net: Bunny DNS.
#pragma once

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::bunny {

// https://docs.bunny.net/reference/bunnynet-api-overview. No rate is published; refusals say when to go on.
inline constexpr connections::RestVendor kApi{
    .name = "bunny.net",
    .url = "https://api.bunny.net",
    .variable = "BUNNYNET_API_KEY",
    .rate = {300, std::chrono::minutes(1)},
    .token_header = "AccessKey",
    .token_prefix = "",
    .error_code = "ErrorKey",
    .error_message = "Message",
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::bunny
