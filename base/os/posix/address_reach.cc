// SPDX-License-Identifier: MPL-2.0
#include "base/os/address_reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace base::os {
namespace {

struct Network {
  std::uint32_t address;
  int bits;
  Reach reach;
};
constexpr std::array kNetworks{
    Network{0x0A000000, 8, Reach::kPrivate},   // 10.0.0.0
    Network{0x64400000, 10, Reach::kPrivate},  // 100.64.0.0
    Network{0x7F000000, 8, Reach::kLoopback},  // 127.0.0.0
    Network{0xA9FE0000, 16, Reach::kPrivate},  // 169.254.0.0
    Network{0xAC100000, 12, Reach::kPrivate},  // 172.16.0.0
    Network{0xC0A80000, 16, Reach::kPrivate},  // 192.168.0.0
};

Reach ReachOfV4(std::uint32_t address) {
  const auto found = std::find_if(kNetworks.begin(), kNetworks.end(), [&](const Network& network) {
    return (address ^ network.address) >> (32 - network.bits) == 0;
  });
  return found == kNetworks.end() ? Reach::kPublic : found->reach;
}

Reach ReachOfV6(const in6_addr& address) {
  const std::uint8_t* const bytes = address.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    std::uint32_t v4 = 0;
    std::memcpy(&v4, bytes + 12, sizeof(v4));
    return ReachOfV4(ntohl(v4));
  }
  if (IN6_IS_ADDR_LOOPBACK(&address)) return Reach::kLoopback;
  const bool is_unique_local = (bytes[0] & 0xFE) == 0xFC;
  return is_unique_local || IN6_IS_ADDR_LINKLOCAL(&address) ? Reach::kPrivate : Reach::kPublic;
}

}  // namespace

std::optional<Reach> ReachOf(const std::string& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return ReachOfV4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.substr(0, address.find('%')).c_str(), &v6) == 1) return ReachOfV6(v6);
  return std::nullopt;
}

Reach ReachOfSocketAddress(const void* address) {
  sa_family_t family = 0;
  std::memcpy(&family, static_cast<const char*>(address) + offsetof(sockaddr, sa_family), sizeof(family));
  if (family == AF_INET) return ReachOfV4(ntohl(static_cast<const sockaddr_in*>(address)->sin_addr.s_addr));
  if (family == AF_INET6) return ReachOfV6(static_cast<const sockaddr_in6*>(address)->sin6_addr);
  return Reach::kPublic;
}

}  // namespace base::os
