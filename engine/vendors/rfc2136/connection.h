// SPDX-License-Identifier: MPL-2.0
// The rfc2136 connection as a DNS server to speak to, for its own check and for the DNS provider.
#pragma once

#include "base/dns/keyed_server.h"
#include "base/result.h"
#include "engine/connections/connection.h"

namespace engine::vendors::rfc2136 {

// Errors: kInvalid, which blames the field.
base::Result<base::dns::KeyedServer> MakeRfc2136Server(const connections::Connection& connection);

// Blames the field: the server's own code ("BADSIG") says which one it is.
base::Error BlameRfc2136Field(base::Error error);

}  // namespace engine::vendors::rfc2136
