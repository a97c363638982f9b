// SPDX-License-Identifier: MPL-2.0
// Scaleway: Domains and DNS.
#pragma once

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::scaleway {

// https://www.scaleway.com/en/developers/api/domains-and-dns/. No rate is published; refusals say when to go on.
inline constexpr connections::RestVendor kApi{
    .name = "Scaleway",
    .url = "https://api.scaleway.com/domain/v2beta1",
    .variable = "SCW_SECRET_KEY",
    .rate = {300, std::chrono::minutes(1)},
    .token_header = "X-Auth-Token",
    .token_prefix = "",
    .error_code = "type",
    .error_message = "message",
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::scaleway
