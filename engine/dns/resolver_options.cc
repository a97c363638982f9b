// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/resolver_options.h"

#include <utility>

#include "engine/dns/dns_over_https.h"

namespace engine::dns {
namespace {

using base::Result;

Result<std::vector<base::dns::ServerAddress>> ParseServers(const std::vector<std::string>& texts) {
  std::vector<base::dns::ServerAddress> servers;
  for (const std::string& text : texts) {
    auto server = base::dns::ParseServerAddress(text);
    if (!server) return std::move(server).error();
    servers.push_back(*std::move(server));
  }
  return servers;
}

}  // namespace

Result<base::dns::Resolver> MakeResolver(const SolverOptions& options) {
  if (auto given = ParseServers(options.propagation.nameservers); !given) return std::move(given).error();
  std::vector<std::string> addresses;
  std::vector<base::dns::Carrier> carriers;
  for (const std::string& text : options.propagation.resolvers) {
    if (!IsDnsOverHttps(text)) {
      addresses.push_back(text);
    } else if (options.deps.providers.http != nullptr) {
      carriers.push_back(MakeDnsOverHttps(*options.deps.providers.http, text));
    }
  }
  auto resolvers = ParseServers(addresses);
  if (!resolvers) return std::move(resolvers).error();
  if (resolvers->empty() && carriers.empty()) resolvers = base::dns::SystemResolvers();
  return base::dns::Resolver(*std::move(resolvers), *options.deps.providers.random, std::move(carriers));
}

}  // namespace engine::dns
