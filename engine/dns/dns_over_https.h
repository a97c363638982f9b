// SPDX-License-Identifier: MPL-2.0
// DNS over HTTPS (RFC 8484), for machines whose port 53 is closed.
#pragma once

#include <string>

#include "base/dns/resolver.h"
#include "base/http/transport.h"

namespace engine::dns {

// True for "https://dns.example/dns-query".
bool IsDnsOverHttps(std::string_view resolver);

// `transport` is borrowed; outlives the carrier.
base::dns::Carrier MakeDnsOverHttps(base::http::Transport& transport, std::string url);

}  // namespace engine::dns
