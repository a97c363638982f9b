// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/name_servers.h"

#include <utility>

#include "base/dns/resolve_host.h"
#include "base/text.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;

std::string LabelOf(std::string_view host, const base::dns::ServerAddress& address) {
  return host == address.host ? base::dns::ToText(address) : Cat(host, " (", base::dns::ToText(address), ")");
}

base::Result<std::vector<NameServer>> GivenServers(const base::Call& call, const std::vector<std::string>& texts) {
  std::vector<NameServer> servers;
  std::vector<std::string> failures;
  for (const std::string& text : texts) {
    const auto parsed = base::dns::ParseServerAddress(text);
    if (!parsed) return parsed.error();
    auto addresses = base::dns::ResolveHost(call, *parsed);
    if (!addresses) {
      if (addresses.error().kind != ErrorKind::kUnavailable) return std::move(addresses).error();
      failures.push_back(addresses.error().message);
      continue;
    }
    for (base::dns::ServerAddress& address : *addresses) {
      std::string label = LabelOf(parsed->host, address);
      servers.push_back({.label = std::move(label), .address = std::move(address)});
    }
  }
  if (!servers.empty()) return servers;
  return Error{.kind = ErrorKind::kUnavailable, .message = "none of the given name servers has an address", .details = failures};
}

}  // namespace

base::Result<std::vector<NameServer>> FindNameServers(const base::Call& call, const PropagationOptions& options,
                                                      const base::dns::Resolver& resolver, const std::string& zone) {
  if (!options.nameservers.empty()) return GivenServers(call, options.nameservers);
  const auto hosts = resolver.FindNameServers(call, zone);
  if (!hosts) return hosts.error();
  std::vector<NameServer> servers;
  const auto addresses = resolver.FindAddresses(call, *hosts);
  for (std::size_t i = 0; i < hosts->size(); ++i) {
    if (!addresses[i] && addresses[i].error().kind != ErrorKind::kUnavailable) return addresses[i].error();
    if (!addresses[i]) continue;
    for (const std::string& host : *addresses[i]) {
      const base::dns::ServerAddress address{.host = host, .port = options.nameserver_port};
      servers.push_back({.label = LabelOf((*hosts)[i], address), .address = address});
    }
  }
  if (!servers.empty()) return servers;
  return Error{ErrorKind::kUnavailable,
               Cat("the resolvers know no name server of the zone ", zone, "; set propagation.nameservers to its servers")};
}

}  // namespace engine::dns
