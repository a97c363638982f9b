// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/authority.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/dns/exchange.h"
#include "base/dns/message.h"
#include "base/domain_name.h"
#include "base/text.h"

namespace engine::dns {
namespace {

using base::Error;
using base::ErrorKind;
using base::dns::Message;
using base::dns::Record;
using base::dns::RecordType;

// Where port 53 is closed, each of them costs that long.
constexpr std::chrono::milliseconds kPatience{1500};
constexpr std::size_t kMaxServers = 3;  // of a zone
constexpr int kMaxCuts = 16;
// A resolver that remembers "no such name" for longer is not asked whether a challenge name is there
// (smallstep/certificates#2619).
constexpr std::uint32_t kShortMemory = 10;  // seconds

bool IsUseful(const Message& reply) {
  return reply.rcode == base::dns::Rcode::kNoError || reply.rcode == base::dns::Rcode::kNxDomain;
}

bool IsOver(const Error& error) { return error.kind == ErrorKind::kCancelled || error.kind == ErrorKind::kTimeout; }

// An authoritative answer as facts; a negative one names its zone (RFC 2308 section 2), which may be below the one that was
// asked.
NameFacts FactsIn(const Message& reply, const std::string& zone, const std::string& name, RecordType type) {
  NameFacts facts{.zone = zone, .is_authoritative = reply.is_authoritative};
  for (const Record& record : reply.answers) {
    if (record.type == type && record.name == name) facts.records.push_back(record);
    if (record.type == RecordType::kCname && record.name == name) facts.cname = record.data;
  }
  if (!reply.answers.empty()) return facts;
  for (const Record& record : reply.authority) {
    if (record.type == RecordType::kSoa && base::IsInZone(name, record.name) && base::IsInZone(record.name, zone))
      facts.zone = record.name;
  }
  return facts;
}

}  // namespace

// One name on its way down from a zone to the servers that know it.
struct Authority::Search {
  std::size_t index = 0;
  std::string name;
  std::string zone;
  std::size_t next = 0;  // the server to ask
  int cuts = 0;
  bool is_last_resort = false;  // the given servers are asked once more, with recursion
};

std::string ParentOf(const std::string& fqdn) {
  const auto dot = fqdn.find('.');
  return dot == std::string::npos || dot + 1 == fqdn.size() ? "." : fqdn.substr(dot + 1);
}

std::string AboveChallenge(const std::string& fqdn) {
  std::string name = ParentOf(fqdn);
  while (name.starts_with('_')) name = ParentOf(name);
  return name;
}

std::string ReferralIn(const Message& reply, const std::string& zone, const std::string& name) {
  if (reply.is_authoritative || reply.rcode != base::dns::Rcode::kNoError || !reply.answers.empty()) return {};
  for (const Record& record : reply.authority) {
    const bool is_below = record.name != zone && base::IsInZone(record.name, zone) && base::IsInZone(name, record.name);
    if (record.type == RecordType::kNs && is_below) return record.name;
  }
  return {};
}

bool Authority::AreGivenRecursive(const std::string& zone) const {
  return !options_->nameservers.empty() && !given_answered_.contains(zone) && own_answered_.contains(zone);
}

base::Result<const Authority::ZoneServers*> Authority::ServersOf(const base::Call& call, const std::string& zone) {
  if (const auto known = servers_.find(zone); known != servers_.end()) return &known->second;
  ZoneServers servers;
  const auto add = [&](const PropagationOptions& options) -> base::Result<void> {
    auto found = FindNameServers(call, options, *resolver_, zone);
    if (!found) return IsOver(found.error()) ? base::Result<void>(std::move(found).error()) : base::Result<void>();
    found->resize(std::min(found->size(), kMaxServers));
    std::move(found->begin(), found->end(), std::back_inserter(servers.list));
    return {};
  };
  if (!options_->nameservers.empty()) {
    if (auto added = add(*options_); !added) return std::move(added).error();
  }
  servers.given = servers.list.size();
  PropagationOptions own = *options_;
  own.nameservers.clear();
  if (auto added = add(own); !added) return std::move(added).error();
  return &(servers_[zone] = std::move(servers));
}

base::Result<void> Authority::FindStarts(const base::Call& call, std::span<const std::string> names,
                                         std::vector<Search>& searches) {
  std::vector<std::string> parents;
  std::vector<Search*> open;
  for (Search& search : searches) {
    if (!search.zone.empty()) continue;
    parents.push_back(AboveChallenge(names[search.index]));
    open.push_back(&search);
  }
  auto zones = resolver_->FindZones(call, parents);
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (!zones[i] && IsOver(zones[i].error())) return std::move(zones[i]).error();
    if (zones[i]) open[i]->zone = *zones[i];
  }
  std::erase_if(searches, [](const Search& search) { return search.zone.empty(); });
  return {};
}

base::Result<bool> Authority::ForgetsSoon(const base::Call& call, const std::string& zone, const NameServer& server) {
  if (const auto known = forgets_soon_.find(zone); known != forgets_soon_.end()) return known->second;
  auto query = base::dns::BuildQuery(base::dns::RandomId(*random_), {.name = zone, .type = RecordType::kSoa},
                                     base::dns::Recursion::kWanted);
  if (!query) return std::move(query).error();
  const base::dns::Outgoing message{.server = server.address, .message = *std::move(query), .patience = kPatience};
  const auto reply = base::dns::ExchangeAll(call, std::span(&message, 1)).front();
  if (!reply && IsOver(reply.error()) && !call.Check()) return reply.error();
  const auto parsed = reply ? base::dns::ParseMessage(*reply) : base::Result<Message>(reply.error());
  const bool forgets = parsed && std::ranges::any_of(parsed->answers, [&](const Record& record) {
                         return record.type == RecordType::kSoa && record.name == zone && record.minimum <= kShortMemory;
                       });
  return forgets_soon_[zone] = forgets;
}

base::Result<std::vector<NameFacts>> Authority::Ask(const base::Call& call, std::span<const std::string> names,
                                                    std::span<const std::string> hints, RecordType type) {
  std::vector<NameFacts> facts(names.size());
  std::vector<Search> searches;
  for (std::size_t i = 0; i < names.size(); ++i) searches.push_back({.index = i, .name = names[i], .zone = hints[i]});
  if (auto started = FindStarts(call, names, searches); !started) return std::move(started).error();
  while (!searches.empty()) {
    std::vector<base::dns::Outgoing> messages;
    std::vector<Search> asked;
    for (Search& search : searches) {
      const auto servers = ServersOf(call, search.zone);
      if (!servers) return servers.error();
      if (!search.is_last_resort && search.next >= (*servers)->list.size()) {
        search.is_last_resort = true;
        search.next = 0;
      }
      if (search.is_last_resort) {
        if (search.next >= (*servers)->given) continue;  // nobody knows
        const auto forgets_soon = ForgetsSoon(call, search.zone, (*servers)->list[search.next]);
        if (!forgets_soon) return forgets_soon.error();
        if (!*forgets_soon) continue;  // nobody may be asked
      }
      const auto recursion = search.is_last_resort ? base::dns::Recursion::kWanted : base::dns::Recursion::kUnwanted;
      auto query = base::dns::BuildQuery(base::dns::RandomId(*random_), {.name = search.name, .type = type}, recursion);
      if (!query) return std::move(query).error();
      messages.push_back({.server = (*servers)->list[search.next].address, .message = *std::move(query), .patience = kPatience});
      asked.push_back(std::move(search));
    }
    const auto replies = base::dns::ExchangeAll(call, messages);
    searches.clear();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      Search& search = asked[i];
      if (!replies[i] && IsOver(replies[i].error()) && !call.Check()) return replies[i].error();
      const auto reply = replies[i] ? base::dns::ParseMessage(*replies[i]) : base::Result<Message>(replies[i].error());
      if (reply && IsUseful(*reply) && (reply->is_authoritative || search.is_last_resort)) {
        facts[search.index] = FactsIn(*reply, search.zone, search.name, type);
        const bool is_given = search.next < servers_[search.zone].given;
        if (reply->is_authoritative) (is_given ? given_answered_ : own_answered_).insert(facts[search.index].zone);
        continue;
      }
      // A server that is not authoritative and refers to nobody below is lame, or recursive.
      const std::string below = reply ? ReferralIn(*reply, search.zone, search.name) : std::string();
      if (below.empty()) {
        ++search.next;
      } else if (++search.cuts > kMaxCuts) {
        continue;
      } else {
        search.zone = below;
        search.next = 0;
      }
      searches.push_back(std::move(search));
    }
  }
  return facts;
}

}  // namespace engine::dns
