// SPDX-License-Identifier: MPL-2.0
// DNSimple: DNS.
#pragma once

#include <optional>

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::dnsimple {

inline std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, base::TimePoint now) {
  return base::http::FindPauseUntilReset(response, now, "x-ratelimit-remaining", "x-ratelimit-reset");
}

// https://developer.dnsimple.com/v2/#rate-limiting: 2400 requests an hour per account; answers name the moment of the next ones.
inline constexpr connections::RestVendor kApi{
    .name = "DNSimple",
    .url = "https://api.dnsimple.com/v2",
    .variable = "DNSIMPLE_TOKEN",
    .rate = {2400, std::chrono::hours(1)},
    .error_message = "message",
    .find_pause = FindPause,
};

// The API of the account that the connection names. Errors: kInvalid, which blames the field.
base::Result<connections::RestApi> MakeDnsimpleApi(const connections::Connection& connection,
                                                   const connections::Deps& deps);  // connection.cc

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::dnsimple
