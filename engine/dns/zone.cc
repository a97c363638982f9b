// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/domain_name.h"
#include "base/text.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;

constexpr std::size_t kMaxHops = 16;

// A name on its way along CNAMEs.
struct Trail {
  std::size_t index = 0;  // of the name at its start
  std::vector<std::string> names;

  const std::string& end() const { return names.back(); }
};

base::Result<void> CheckTrail(const Trail& trail) {
  const bool is_loop = std::count(trail.names.begin(), trail.names.end(), trail.end()) > 1;
  if (is_loop) return Error{ErrorKind::kInvalid, Cat("the CNAMEs run in a loop: ", base::Join(trail.names, " -> "))};
  if (trail.names.size() <= kMaxHops + 1) return {};
  return Error{ErrorKind::kInvalid, Cat("more than ", kMaxHops, " CNAMEs in a row begin at ", trail.names.front())};
}

// Names whose CNAME could not be looked up: one warning for all of them.
struct Unknown {
  std::size_t count = 0;
  std::string first;
  std::string reason;

  void Add(const std::string& name, const Error& error) {
    if (count++ > 0) return;
    first = name;
    reason = error.message;
  }
  void Log(const base::Log& log) const {
    if (count == 0) return;
    log.Warn("CNAMEs not looked up",
             {{base::key::kFqdn, first}, {base::key::kCount, static_cast<std::uint64_t>(count)}, {base::key::kError, reason}});
  }
};

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

// The target by zone names alone; one without a zone yet where the zone must be asked for.
base::Result<RecordTarget> ChooseTarget(std::span<const DnsConnection> connections, const std::string& fqdn,
                                        const std::string& end) {
  for (const std::string* name : {&end, &fqdn}) {
    if (const auto found = FindByZoneName(connections, *name)) {
      return RecordTarget{.connection = *found,
                          .zone = {.name = base::Absolute(connections[*found].zone), .id = connections[*found].zone_id},
                          .fqdn = *name};
    }
  }
  if (const auto open = FindOpen(connections)) {
    return RecordTarget{.connection = *open, .zone = {.name = {}, .id = connections[*open].zone}, .fqdn = end};
  }
  return NoConnection(connections, fqdn, end);
}

base::Result<void> AskForZones(const base::Call& call, const base::dns::Resolver& resolver, std::vector<RecordTarget>& targets) {
  std::vector<std::string> names;
  std::vector<RecordTarget*> open;
  for (RecordTarget& target : targets) {
    if (!target.zone.name.empty()) continue;
    names.push_back(target.fqdn);
    open.push_back(&target);
  }
  auto zones = resolver.FindZones(call, names);
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (!zones[i]) return std::move(zones[i]).error().While(Cat("finding the zone of ", names[i]));
    open[i]->zone.name = *zones[i];
  }
  return {};
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

base::Result<std::vector<std::string>> FollowCnames(const base::Call& call, const base::dns::Resolver& resolver,
                                                    std::vector<std::string> fqdns) {
  std::vector<Trail> trails;
  for (const std::string& fqdn : fqdns) trails.push_back({.index = trails.size(), .names = {fqdn}});
  Unknown unknown;
  while (!trails.empty()) {
    std::vector<std::string> names;
    for (const Trail& trail : trails) names.push_back(trail.end());
    auto targets = resolver.FindCnames(call, names);
    std::vector<Trail> going_on;
    for (std::size_t i = 0; i < trails.size(); ++i) {
      if (!targets[i]) {
        if (targets[i].error().kind != ErrorKind::kUnavailable) return std::move(targets[i]).error();
        unknown.Add(names[i], targets[i].error());
      } else if (*targets[i]) {
        trails[i].names.push_back(**targets[i]);
        if (auto fine = CheckTrail(trails[i]); !fine) return std::move(fine).error();
        fqdns[trails[i].index] = trails[i].end();
        going_on.push_back(std::move(trails[i]));
      }
    }
    trails = std::move(going_on);
  }
  unknown.Log(call.log);
  return fqdns;
}

base::Result<std::vector<RecordTarget>> FindTargets(const base::Call& call, std::span<const DnsConnection> connections,
                                                    const base::dns::Resolver& resolver, const std::vector<std::string>& fqdns) {
  const auto ends = FollowCnames(call, resolver, fqdns);
  if (!ends) return ends.error();
  std::vector<RecordTarget> targets;
  for (std::size_t i = 0; i < fqdns.size(); ++i) {
    auto target = ChooseTarget(connections, fqdns[i], (*ends)[i]);
    if (!target) return std::move(target).error();
    targets.push_back(*std::move(target));
  }
  if (auto found = AskForZones(call, resolver, targets); !found) return std::move(found).error();
  return targets;
}

}  // namespace engine::dns
