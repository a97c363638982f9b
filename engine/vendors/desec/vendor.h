// SPDX-License-Identifier: MPL-2.0
// deSEC: DNS.
#pragma once

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::desec {

// https://desec.readthedocs.io/en/latest/rate-limits.html: 50 reads a minute. How often a domain may be written, refusals say.
inline constexpr connections::RestVendor kApi{
    .name = "deSEC",
    .url = "https://desec.io/api/v1",
    .variable = "DESEC_API_TOKEN",
    .rate = {50, std::chrono::minutes(1)},
    .token_prefix = "Token ",
    .error_message = "detail",
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::desec
