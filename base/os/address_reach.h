// SPDX-License-Identifier: MPL-2.0
// How far an address reaches, by the registries of special addresses (RFC 6890, RFC 4193, RFC 6598).
#pragma once

#include <optional>
#include <string>

namespace base::os {

// kPrivate: private, shared (RFC 6598), unique local, or link-local: not routed on the internet. kPublic: anything else, the
// unspecified address among it.
enum class Reach { kLoopback, kPrivate, kPublic };

// Of a numeric address, with or without its zone; empty for anything else. An IPv4 address in IPv6's form counts as itself.
std::optional<Reach> ReachOf(const std::string& address);
// Of a system's socket address (sockaddr), which is of IPv4 or IPv6; kPublic for other families.
Reach ReachOfSocketAddress(const void* address);

}  // namespace base::os
