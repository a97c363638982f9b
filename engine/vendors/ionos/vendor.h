// SPDX-License-Identifier: MPL-2.0
// IONOS: the DNS of its hosting, not of IONOS Cloud.
#pragma once

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::ionos {

// https://developer.hosting.ionos.com/docs/dns. No rate is published; refusals say when to go on.
inline constexpr connections::RestVendor kApi{
    .name = "IONOS",
    .url = "https://api.hosting.ionos.com/dns/v1",
    .variable = "IONOS_API_KEY",
    .rate = {300, std::chrono::minutes(1)},
    .token_header = "X-API-Key",
    .token_prefix = "",
    .error_code = "0/code",
    .error_message = "0/message",
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::ionos
