// SPDX-License-Identifier: MPL-2.0
// Akamai: Edge DNS.
#pragma once

#include <memory>

#include "engine/connections/rest_api.h"
#include "engine/vendors/akamai/edgegrid.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::akamai {

// https://techdocs.akamai.com/edge-dns/reference/api. Requests are signed instead of carrying a token.
inline constexpr connections::RestVendor kApi{
    .name = "Akamai",
    .url = "",  // each API client has a host of its own
    .variable = "AKAMAI_CLIENT_TOKEN",
    .rate = {300, std::chrono::minutes(1)},
    .token_header = "Authorization",
    .token_prefix = "",
    .error_message = "detail",
};

// The API over a transport that signs, which it borrows.
struct SignedApi {
  std::unique_ptr<EdgeGridTransport> transport;
  connections::RestApi api;
};

// With what the connection leaves out taken from the environment. Errors: kInvalid, which blames the field.
base::Result<SignedApi> MakeSignedApi(const connections::Connection& connection, const connections::Deps& deps);  // connection.cc

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::akamai
