// SPDX-License-Identifier: MPL-2.0
// IBM NS1 Connect: DNS.
#pragma once

#include <optional>

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::ns1 {

// NS1 gives back so many requests per period, evenly: where none is left, the next one comes soon.
std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, base::TimePoint now);  // dns.cc

// https://www.ibm.com/docs/en/ns1-connect?topic=started-api-rate-limiting: 900 requests in 300 seconds; answers tell the rest.
inline constexpr connections::RestVendor kApi{
    .name = "NS1",
    .url = "https://api.nsone.net/v1",
    .variable = "NS1_APIKEY",
    .rate = {900, std::chrono::minutes(5)},
    .token_header = "X-NSONE-Key",
    .token_prefix = "",
    .error_message = "message",
    .find_pause = FindPause,
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::ns1
