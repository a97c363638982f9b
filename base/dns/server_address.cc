// SPDX-License-Identifier: MPL-2.0
#include "base/dns/server_address.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace base::dns {
namespace {

constexpr std::size_t kMaxName = 254;  // with the final dot

// Letters of names, of IPv4 and IPv6 addresses, and of an IPv6 zone ("%eth0").
bool IsHostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool IsHost(std::string_view host, std::string_view also_allowed) {
  return !host.empty() && host.size() <= kMaxName && std::all_of(host.begin(), host.end(), [&](char c) {
    return IsHostCharacter(c) || also_allowed.find(c) != std::string_view::npos;
  });
}

Error Invalid(std::string_view text, std::string_view reason) {
  return Error{ErrorKind::kInvalid, Cat("\"", Printable(text, 100), "\" is not a server address: ", reason)};
}

Result<std::uint16_t> ParsePort(std::string_view text, std::string_view port) {
  unsigned number = 0;
  const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool is_number = failure == std::errc() && end == port.data() + port.size();
  if (!is_number || number < 1 || number > 65535) return Invalid(text, "the port must be a number from 1 to 65535");
  return static_cast<std::uint16_t>(number);
}

}  // namespace

Result<ServerAddress> ParseServerAddress(std::string_view text) {
  constexpr std::string_view kV6Only = ":%";
  std::string_view host = text;
  std::string_view port = "53";
  std::string_view allowed;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return Invalid(text, "the bracket is not closed");
    host = text.substr(1, close - 1);
    allowed = kV6Only;
    if (host.find(':') == std::string_view::npos) return Invalid(text, "brackets are for IPv6 addresses");
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && !rest.starts_with(':')) return Invalid(text, "after the bracket only :port may follow");
    if (!rest.empty()) port = rest.substr(1);
  } else if (std::count(text.begin(), text.end(), ':') > 1) {
    allowed = kV6Only;  // an IPv6 address without brackets has no port
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (!IsHost(host, allowed)) return Invalid(text, "write a host name or an IP address, and :port where it is not 53");
  auto number = ParsePort(text, port);
  if (!number) return std::move(number).error();
  return ServerAddress{.host = std::string(host), .port = *number};
}

std::string ToText(const ServerAddress& server) {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  return is_v6 ? Cat('[', server.host, "]:", server.port) : Cat(server.host, ':', server.port);
}

}  // namespace base::dns
