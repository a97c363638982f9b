// SPDX-License-Identifier: MPL-2.0
// The address of a DNS server as users write it: "ns1.example.test", "192.0.2.1:53", "[2001:db8::1]:53", "2001:db8::1".
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace base::dns {

struct ServerAddress {
  std::string host;  // a name or an IP address, without brackets
  std::uint16_t port = 53;

  auto operator<=>(const ServerAddress&) const = default;
};

// Errors: kInvalid, saying what is wrong.
Result<ServerAddress> ParseServerAddress(std::string_view text);
std::string ToText(const ServerAddress& server);  // always with the port

}  // namespace base::dns
