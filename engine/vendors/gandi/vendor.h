// SPDX-License-Identifier: MPL-2.0
// Gandi: LiveDNS.
#pragma once

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::gandi {

// https://api.gandi.net/docs/reference/: 1000 requests a minute from one address.
inline constexpr connections::RestVendor kApi{
    .name = "Gandi",
    .url = "https://api.gandi.net/v5/livedns",
    .variable = "GANDI_PERSONAL_ACCESS_TOKEN",
    .rate = {1000, std::chrono::minutes(1)},
    .error_code = "cause",
    .error_message = "message",
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::gandi
