// SPDX-License-Identifier: MPL-2.0
// A stub resolver (RFC 1034 section 5.3.1): asks recursive servers, in order, what DNS-01 needs to know. It keeps nothing: an
// answer of a minute ago is what makes a challenge fail.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/dns/message.h"
#include "base/dns/server_address.h"
#include "base/random.h"
#include "base/result.h"

namespace base::dns {

// The servers that this machine is set up with; 127.0.0.1 if there are none, as resolv.conf(5) says.
std::vector<ServerAddress> SystemResolvers();
// The same for given addresses. What is not an address is left out.
std::vector<ServerAddress> ParseResolvers(std::span<const std::string> addresses);

// Takes a message to a server by other means than port 53 (DNS over HTTPS) and brings its reply. Safe from many threads.
using Carrier = std::function<Result<std::string>(const Call& call, const std::string& message)>;

// All lookups take many names at once and have them under way together; results are in the order of the names.
// An item's errors: kUnavailable (no server gave a usable answer), kCancelled, kTimeout, kInvalid (not a domain name).
class Resolver {
 public:
  // The carriers are asked before the servers. `random` is borrowed; outlives this.
  Resolver(std::vector<ServerAddress> servers, Random& random, std::vector<Carrier> carriers = {})
      : servers_(std::move(servers)), random_(&random), carriers_(std::move(carriers)) {}

  bool has_carriers() const { return !carriers_.empty(); }

  // NOERROR and NXDOMAIN replies. What one server does not answer, or answers with another code, goes to the next one.
  std::vector<Result<Message>> Ask(const Call& call, std::span<const Question> questions) const;

  // Where a CNAME at the name itself points to; empty when there is none.
  std::vector<Result<std::optional<std::string>>> FindCnames(const Call& call, std::span<const std::string> names) const;

  // The zone that each name lies in, as its apex ("example.test."): the nearest SOA on the way up. An answer by way of a CNAME
  // says nothing about the name itself and is passed over. Also kNotFound: no SOA below the root.
  std::vector<Result<std::string>> FindZones(const Call& call, std::span<const std::string> names) const;

  // The hosts of the zone's NS set, sorted. Empty when the zone has none.
  Result<std::vector<std::string>> FindNameServers(const Call& call, const std::string& zone) const;

  // IPv4 and IPv6 addresses of each host; empty when it has none.
  std::vector<Result<std::vector<std::string>>> FindAddresses(const Call& call, std::span<const std::string> hosts) const;

 private:
  void AskCarriers(const Call& call, std::span<const Question> questions, std::vector<Result<Message>>& answers) const;

  std::vector<ServerAddress> servers_;
  Random* random_;
  std::vector<Carrier> carriers_;
};

}  // namespace base::dns
