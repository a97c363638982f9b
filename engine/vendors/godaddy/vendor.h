// SPDX-License-Identifier: MPL-2.0
// GoDaddy: DNS.
#pragma once

#include <optional>

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::godaddy {

// GoDaddy says in the body how long to wait.
std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, base::TimePoint now);  // dns.cc

// https://developer.godaddy.com/getstarted: 60 requests a minute to each endpoint.
inline constexpr connections::RestVendor kApi{
    .name = "GoDaddy",
    .url = "https://api.godaddy.com/v1",
    .variable = "GODADDY_API_KEY",
    .rate = {60, std::chrono::minutes(1)},
    .token_prefix = "sso-key ",
    .error_code = "code",
    .error_message = "message",
    .find_pause = FindPause,
};

// With what the connection leaves out taken from the environment. Errors: kInvalid, which blames the field.
base::Result<connections::RestApi> MakeGodaddyApi(const connections::Connection& connection,
                                                  const connections::Deps& deps);  // connection.cc

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::godaddy
