// SPDX-License-Identifier: MPL-2.0
// allow_http: whether a connection's credentials may go to a private network without TLS.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/config_field.h"
#include "base/http/plain_http.h"
#include "base/result.h"
#include "engine/connections/connection.h"

namespace engine::connections {

// Of every connection that has a URL.
inline constexpr base::ConfigField kAllowHttpField{
    .name = "allow_http",
    .kind = base::FieldKind::kBool,
    .doc =
        "Whether a URL of this connection may be `http` instead of `https`. Credentials and private keys then cross the "
        "network in plaintext, so that only private and link-local addresses are accepted; this machine itself needs no "
        "permission."};

// What the connection's allow_http says; kLoopback for a kind without it.
base::http::PlainHttp PlainHttpOf(const Connection& connection);

// The URL without final slashes. Errors: kInvalid (no http or https URL, a query string, or no TLS where it is needed).
base::Result<std::string> ParseConnectionUrl(const Connection& connection, std::string_view text);

// Notes what is wrong with the URL in this field; nothing if it is not set.
void CheckUrl(const Connection& connection, std::string_view field, std::vector<FieldProblem>& problems);

// `deps` for this connection: with allow_http, its requests may go without TLS to private addresses.
Deps DepsOf(const Connection& connection, Deps deps);

}  // namespace engine::connections
