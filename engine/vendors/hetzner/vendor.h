// SPDX-License-Identifier: MPL-2.0
// Hetzner: DNS in the Cloud API. The API of the old DNS console (dns.hetzner.com) has ended.
#pragma once

#include <optional>

#include "engine/connections/rest_api.h"
#include "engine/vendors/vendor.h"

namespace engine::vendors::hetzner {

// Another change of the same zone is under way: 423 and 409, which Hetzner wants repeated.
std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, base::TimePoint now);  // dns.cc

// https://docs.hetzner.cloud/reference/cloud#rate-limiting: 3600 requests an hour per project.
inline constexpr connections::RestVendor kApi{
    .name = "Hetzner",
    .url = "https://api.hetzner.cloud/v1",
    .variable = "HCLOUD_TOKEN",
    .rate = {3600, std::chrono::hours(1)},
    .error_code = "error/code",
    .error_message = "error/message",
    .find_pause = FindPause,
};

extern const connections::ConnectionSpec kConnection;  // connection.cc
extern const dns::ProviderSpec kDns;                   // dns.cc

Vendor MakeVendor();

}  // namespace engine::vendors::hetzner
