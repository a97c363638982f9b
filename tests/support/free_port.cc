// SPDX-License-Identifier: MPL-2.0
#include "tests/support/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tests {
namespace {

// The port that was bound, 0 when it is taken.
std::uint16_t TryBind(int type, std::uint16_t port) {
  const int number = socket(AF_INET, type, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof(address);
  const bool is_bound = bind(number, reinterpret_cast<sockaddr*>(&address), size) == 0;
  getsockname(number, reinterpret_cast<sockaddr*>(&address), &size);
  close(number);
  return is_bound ? ntohs(address.sin_port) : 0;
}

}  // namespace

std::uint16_t FreePort() {
  for (;;) {
    const std::uint16_t port = TryBind(SOCK_DGRAM, 0);
    if (port != 0 && TryBind(SOCK_STREAM, port) != 0) return port;
  }
}

}  // namespace tests
