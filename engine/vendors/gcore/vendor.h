// SPDX-License-Identifier: MPL-2.0
// Gcore: Managed DNS.
#pragma once

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::gcore {

// https://gcore.com/docs/api-reference/dns. No rate is published; refusals say when to go on.
inline constexpr connections::RestVendor kApi{
    .name = "Gcore",
    .url = "https://api.gcore.com/dns/v2",
    .variable = "GCORE_API_KEY",
    .rate = {300, std::chrono::minutes(1)},
    .token_prefix = "APIKey ",
    .error_message = "error",
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::gcore
