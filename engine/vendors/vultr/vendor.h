// SPDX-License-Identifier: MPL-2.0
// Vultr: DNS.
#pragma once

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::vultr {

// https://docs.vultr.com/support/platform/api/what-rate-limits-apply-to-the-vultr-api: 30 requests a second from one address.
inline constexpr connections::RestVendor kApi{
    .name = "Vultr",
    .url = "https://api.vultr.com/v2",
    .variable = "VULTR_API_KEY",
    .rate = {30, std::chrono::seconds(1)},
    .error_message = "error",
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::vultr
