// SPDX-License-Identifier: MPL-2.0
#include "base/dns/resolve_host.h"

#include "base/host_lookup.h"
#include "base/text.h"

namespace base::dns {

Result<std::vector<ServerAddress>> ResolveHost(const Call& call, const ServerAddress& server) {
  auto addresses = LookUpHost(call, server.host);
  if (!addresses && addresses.error().kind == ErrorKind::kNotFound) {
    return Error{ErrorKind::kUnavailable, Cat("the name ", server.host, " has no address: ", addresses.error().message)};
  }
  if (!addresses) return std::move(addresses).error();
  std::vector<ServerAddress> found;
  for (std::string& address : *addresses) found.push_back({.host = std::move(address), .port = server.port});
  return found;
}

}  // namespace base::dns
