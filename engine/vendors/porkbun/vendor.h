// SPDX-License-Identifier: MPL-2.0
// Porkbun: DNS.
#pragma once

#include <optional>

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::porkbun {

// Porkbun answers 400 to most of what it refuses, and says why in words.
std::optional<base::ErrorKind> FindRefusal(const base::http::Response& response, const base::Json& answer);  // dns.cc

// https://porkbun.com/llms/guides/getting-started. The rate is what its support gives: 60 requests a minute.
inline constexpr connections::RestVendor kApi{
    .name = "Porkbun",
    .url = "https://api.porkbun.com/api/json/v3",
    .variable = "PORKBUN_API_KEY",
    .rate = {60, std::chrono::minutes(1)},
    .token_header = "X-API-Key",
    .token_prefix = "",
    .second_header = "X-Secret-API-Key",
    .error_code = "code",
    .error_message = "message",
    .find_refusal = FindRefusal,
};

// With what the connection leaves out taken from the environment. Errors: kInvalid, which blames the field.
base::Result<connections::RestApi> MakePorkbunApi(const connections::Connection& connection,
                                                  const connections::Deps& deps);  // connection.cc

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::porkbun
