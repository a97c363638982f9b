// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone.h"

#include <algorithm>
#include <utility>

#include "base/domain_name.h"
#include "base/text.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;

constexpr std::size_t kMaxHops = 16;

base::Result<void> CheckTrail(const CnameTrail& trail) {
  const bool is_loop = std::count(trail.names.begin(), trail.names.end(), trail.end()) > 1;
  if (is_loop) return Error{ErrorKind::kInvalid, Cat("the CNAMEs run in a loop: ", base::Join(trail.names, " -> "))};
  if (trail.names.size() <= kMaxHops + 1) return {};
  return Error{ErrorKind::kInvalid, Cat("more than ", kMaxHops, " CNAMEs in a row begin at ", trail.names.front())};
}

// Names whose CNAME could not be looked up: one warning for all of them.
void LogUnknown(const base::Log& log, const std::vector<std::string>& names) {
  if (names.empty()) return;
  log.Warn("CNAMEs not looked up: no authoritative server answered",
           {{base::key::kFqdn, names.front()}, {base::key::kCount, static_cast<std::uint64_t>(names.size())}});
}

// The first connection that names no zone, and so takes whatever zone is found by asking.
std::optional<std::size_t> FindOpen(std::span<const DnsConnection> connections) {
  for (std::size_t i = 0; i < connections.size(); ++i) {
    if (!IsZoneName(connections[i].zone)) return i;
  }
  return std::nullopt;
}

Error NoConnection(std::span<const DnsConnection> connections, const std::string& fqdn, const std::string& end) {
  std::vector<std::string> zones;
  for (const DnsConnection& one : connections) zones.push_back(base::Absolute(one.zone));
  const std::string name = fqdn == end ? fqdn : Cat(fqdn, " (a CNAME to ", end, ")");
  return Error{ErrorKind::kInvalid, Cat("no DNS connection holds ", name, "; their zones are ", base::Join(zones, ", "))};
}

// A record in `zone` would be seen by nobody.
Error CutError(const std::string& name, const std::string& zone, const std::string& below) {
  return Error{ErrorKind::kInvalid, Cat(name, " lies in the zone ", below, ", which is delegated away from ", zone,
                                        ": add a `dns` entry with zone = \"", below.substr(0, below.size() - 1), "\"")};
}

// The target by zone names alone; one without a zone yet where the zone must be asked for.
base::Result<RecordTarget> ChooseTarget(std::span<const DnsConnection> connections, const CnameTrail& trail) {
  const std::string& fqdn = trail.names.front();
  for (const std::size_t i : {trail.names.size() - 1, std::size_t{0}}) {
    const std::string& name = trail.names[i];
    const auto found = FindByZoneName(connections, name);
    if (!found) continue;
    const std::string zone = base::Absolute(connections[*found].zone);
    const bool is_cut = trail.zones[i].size() > zone.size() && base::IsInZone(trail.zones[i], zone);
    if (is_cut) return CutError(name, zone, trail.zones[i]);
    return RecordTarget{.connection = *found, .zone = {.name = zone, .id = connections[*found].zone_id}, .fqdn = name};
  }
  if (const auto open = FindOpen(connections)) {
    return RecordTarget{
        .connection = *open, .zone = {.name = trail.zones.back(), .id = connections[*open].zone}, .fqdn = trail.end()};
  }
  return NoConnection(connections, fqdn, trail.end());
}

// From the parents on: a recursive resolver is not asked for a challenge name itself.
base::Result<void> AskForZones(const base::Call& call, const base::dns::Resolver& resolver, std::vector<RecordTarget>& targets) {
  std::vector<std::string> names;
  std::vector<RecordTarget*> open;
  for (RecordTarget& target : targets) {
    if (!target.zone.name.empty()) continue;
    names.push_back(AboveChallenge(target.fqdn));
    open.push_back(&target);
  }
  auto zones = resolver.FindZones(call, names);
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (!zones[i]) return std::move(zones[i]).error().While(Cat("finding the zone of ", names[i]));
    open[i]->zone.name = *zones[i];
  }
  return {};
}

// A zone of the connections that holds the name is where the search begins.
std::string HintFor(std::span<const DnsConnection> connections, const std::string& name) {
  const auto found = FindByZoneName(connections, name);
  return found ? base::Absolute(connections[*found].zone) : std::string();
}

// Asked of the resolver, for a name that must have a CNAME: no connection could place a record there.
base::Result<std::optional<std::string>> AskResolver(const base::Call& call, const base::dns::Resolver& resolver,
                                                     const std::string& name) {
  return std::move(resolver.FindCnames(call, std::span(&name, 1)).front());
}

}  // namespace

bool IsZoneName(std::string_view zone) {
  return zone.find('.') != std::string_view::npos && zone.find('/') == std::string_view::npos;
}

std::optional<std::size_t> FindByZoneName(std::span<const DnsConnection> connections, std::string_view fqdn) {
  std::optional<std::size_t> best;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < connections.size(); ++i) {
    const std::string& zone = connections[i].zone;
    const std::size_t length = IsZoneName(zone) ? base::Absolute(zone).size() : 0;
    if (length <= longest || !base::IsInZone(fqdn, zone)) continue;
    best = i;
    longest = length;
  }
  return best;
}

base::Result<std::vector<CnameTrail>> FollowCnames(const base::Call& call, std::span<const DnsConnection> connections,
                                                   const base::dns::Resolver& resolver, Authority& authority,
                                                   const std::vector<std::string>& fqdns) {
  std::vector<CnameTrail> trails;
  std::vector<std::size_t> going_on;
  for (const std::string& fqdn : fqdns) {
    going_on.push_back(trails.size());
    trails.push_back({.names = {fqdn}, .zones = {}});
  }
  std::vector<std::string> unknown;
  while (!going_on.empty()) {
    std::vector<std::string> names;
    std::vector<std::string> hints;
    for (const std::size_t i : going_on) {
      names.push_back(trails[i].end());
      hints.push_back(HintFor(connections, trails[i].end()));
    }
    auto facts = authority.Ask(call, names, hints);
    if (!facts) return std::move(facts).error();
    std::vector<std::size_t> next;
    for (std::size_t i = 0; i < names.size(); ++i) {
      CnameTrail& trail = trails[going_on[i]];
      NameFacts& found = (*facts)[i];
      if (!found.is_certain() && hints[i].empty() && !FindOpen(connections)) {
        auto target = AskResolver(call, resolver, names[i]);
        if (!target && target.error().kind != ErrorKind::kUnavailable) return std::move(target).error();
        if (!target) unknown.push_back(names[i]);
        if (target) found.cname = *std::move(target);
      } else if (!found.is_certain()) {
        unknown.push_back(names[i]);
      }
      trail.zones.push_back(found.zone);
      if (!found.cname) continue;
      trail.names.push_back(*found.cname);
      if (auto fine = CheckTrail(trail); !fine) return std::move(fine).error();
      next.push_back(going_on[i]);
    }
    going_on = std::move(next);
  }
  LogUnknown(call.log, unknown);
  return trails;
}

base::Result<std::vector<RecordTarget>> FindTargets(const base::Call& call, std::span<const DnsConnection> connections,
                                                    const base::dns::Resolver& resolver, Authority& authority,
                                                    const std::vector<std::string>& fqdns) {
  const auto trails = FollowCnames(call, connections, resolver, authority, fqdns);
  if (!trails) return trails.error();
  std::vector<RecordTarget> targets;
  for (const CnameTrail& trail : *trails) {
    auto target = ChooseTarget(connections, trail);
    if (!target) return std::move(target).error();
    targets.push_back(*std::move(target));
  }
  if (auto found = AskForZones(call, resolver, targets); !found) return std::move(found).error();
  return targets;
}

}  // namespace engine::dns
