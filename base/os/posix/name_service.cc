// SPDX-License-Identifier: MPL-2.0
#include "base/os/name_service.h"

#include <netdb.h>
#include <sys/socket.h>

#include <memory>

namespace base::os {
namespace {

std::string NumericText(const addrinfo& address) {
  char host[NI_MAXHOST] = {};
  const bool known = getnameinfo(address.ai_addr, address.ai_addrlen, host, sizeof(host), nullptr, 0, NI_NUMERICHOST) == 0;
  return known ? std::string(host) : std::string();
}

}  // namespace

Result<std::vector<std::string>> AskNameService(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;  // else each address comes once for each kind of socket
  addrinfo* list = nullptr;
  const int failure = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (failure != 0) return Error{ErrorKind::kNotFound, gai_strerror(failure)};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) addresses.push_back(NumericText(*one));
  return addresses;
}

}  // namespace base::os
