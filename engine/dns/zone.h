// SPDX-License-Identifier: MPL-2.0
// Where a challenge record really goes: CNAMEs followed (RFC 8555 section 8.4: the CA follows them), the connection and zone that
// hold the name at their end.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/dns/resolver.h"
#include "base/result.h"
#include "engine/dns/authority.h"
#include "engine/dns/provider.h"
#include "engine/dns/solver_options.h"

namespace engine::dns {

struct RecordTarget {
  std::size_t connection = 0;  // index into the connections
  Zone zone;
  std::string fqdn;  // the name that the value goes to
};

// True for "example.test" and "corp."; false for a vendor's id such as "Z0123456789" or "/subscriptions/…".
bool IsZoneName(std::string_view zone);

// The connection with the longest zone name that holds `fqdn`; empty when there is none. Pure.
std::optional<std::size_t> FindByZoneName(std::span<const DnsConnection> connections, std::string_view fqdn);

// A name with all that its CNAMEs lead to.
struct CnameTrail {
  std::vector<std::string> names;  // the name itself first
  std::vector<std::string> zones;  // of each, where its authoritative servers told; else empty

  const std::string& end() const { return names.back(); }
};

// One trail per name. Only authoritative servers are asked; the resolver only for a name that lies in no connection's zone, which
// then must have a CNAME. A name whose CNAME cannot be looked up stays what it is, with a warning in the log.
// Errors: kInvalid (a loop, more than 16 hops), kCancelled, kTimeout.
base::Result<std::vector<CnameTrail>> FollowCnames(const base::Call& call, std::span<const DnsConnection> connections,
                                                   const base::dns::Resolver& resolver, Authority& authority,
                                                   const std::vector<std::string>& fqdns);

// One target a name, in the same order. A CNAME that leads out of every connection's zones is not followed: it is a wildcard's
// (*.example.test), which stops matching when the name itself comes into being.
// Errors: kInvalid (no connection holds the name; it lies in a zone below a connection's that is delegated away), kNotFound and
// kUnavailable (zone not found by asking), those of FollowCnames.
base::Result<std::vector<RecordTarget>> FindTargets(const base::Call& call, std::span<const DnsConnection> connections,
                                                    const base::dns::Resolver& resolver, Authority& authority,
                                                    const std::vector<std::string>& fqdns);

}  // namespace engine::dns
