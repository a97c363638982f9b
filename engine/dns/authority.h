// SPDX-License-Identifier: MPL-2.0
// Authority: asks the servers of a name's own zone, without recursion, for its CNAME or other records. A recursive resolver that
// is asked for a challenge name before its record exists keeps "no such name" (RFC 2308) and serves it to the CA, if that asks
// the same one (smallstep/certificates#2619).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/dns/resolver.h"
#include "base/random.h"
#include "base/result.h"
#include "engine/dns/name_servers.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

// What the servers of a name's zone say.
struct NameFacts {
  std::string zone{};                        // the apex of the zone that the name lies in; empty: nobody could tell
  std::optional<std::string> cname{};        // where a CNAME at the name points to
  std::vector<base::dns::Record> records{};  // of the type asked for, at the name itself
  bool is_authoritative = false;             // a server of the zone said so

  bool is_certain() const { return !zone.empty(); }
};

// For one thread.
class Authority {
 public:
  // All are borrowed; outlive this.
  Authority(const base::dns::Resolver& resolver, base::Random& random, const PropagationOptions& options)
      : resolver_(&resolver), random_(&random), options_(&options) {}

  // One item per name. `hints`: a zone that holds the name and exists, where one is known, else empty: it is then looked for from
  // the name's parent on, since recursive resolvers may know that. Delegations below it are followed. Where no server of the zone
  // can be reached, PropagationOptions::nameservers are asked with recursion, as nobody else could tell of a CNAME, if the zone
  // lets "no such name" be kept for seconds only. Errors: kCancelled, kTimeout.
  base::Result<std::vector<NameFacts>> Ask(const base::Call& call, std::span<const std::string> names,
                                           std::span<const std::string> hints,
                                           base::dns::RecordType type = base::dns::RecordType::kCname);

  // True if PropagationOptions::nameservers are no servers of the zone, whose own servers have answered: recursive ones, which
  // may be asked for a record only after the zone's own servers have it.
  bool AreGivenRecursive(const std::string& zone) const;
  // True if a server of the zone has answered.
  bool HasAnswered(const std::string& zone) const { return given_answered_.contains(zone) || own_answered_.contains(zone); }

 private:
  struct Search;
  base::Result<void> FindStarts(const base::Call& call, std::span<const std::string> names, std::vector<Search>& searches);
  struct ZoneServers {
    std::vector<NameServer> list{};  // the given ones, then the zone's own
    std::size_t given = 0;
  };
  base::Result<const ZoneServers*> ServersOf(const base::Call& call, const std::string& zone);
  // Whether a recursive server may be asked for a name of the zone that may not exist yet. False also if it does not say how long
  // it would remember. Errors: kCancelled, kTimeout.
  base::Result<bool> ForgetsSoon(const base::Call& call, const std::string& zone, const NameServer& server);

  const base::dns::Resolver* resolver_;
  base::Random* random_;
  const PropagationOptions* options_;
  std::map<std::string, ZoneServers> servers_;  // by zone
  std::map<std::string, bool> forgets_soon_;    // by zone
  std::set<std::string> given_answered_;        // zones
  std::set<std::string> own_answered_;          // zones
};

// "_acme-challenge.a.test." -> "a.test."; "." above the top-level domain. Pure.
std::string ParentOf(const std::string& fqdn);

// The nearest name above `fqdn` that no challenge has: "_label._acme-challenge.a.test." -> "a.test.". Pure.
std::string AboveChallenge(const std::string& fqdn);

// The zone below `zone` whose servers a reply without answers refers to for `name`; empty when it is no such referral. Pure.
std::string ReferralIn(const base::dns::Message& reply, const std::string& zone, const std::string& name);

}  // namespace engine::dns
