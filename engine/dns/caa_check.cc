// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/caa_check.h"

#include <chrono>
#include <map>
#include <utility>

#include "base/domain_name.h"
#include "base/parallel.h"
#include "base/text.h"
#include "engine/dns/authority.h"
#include "engine/dns/resolver_options.h"
#include "engine/dns/zone.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;

constexpr std::chrono::seconds kLimit{5};
constexpr int kMaxCnames = 8;

// "www.example.test." -> itself and "example.test.".
std::vector<std::string> ClimbFrom(std::string_view name) {
  std::vector<std::string> levels;
  for (std::string level = base::Absolute(base::WithoutWildcard(name)); level != "." && ParentOf(level) != ".";
       level = ParentOf(level)) {
    levels.push_back(level);
  }
  return levels;
}

// The CAA records of one name.
struct RecordSet {
  bool is_certain = false;  // a server of the zone gave it
  std::vector<CaaProperty> properties{};
};

class CaaReader {
 public:
  CaaReader(const base::dns::Resolver& resolver, Authority& authority, const std::vector<DnsConnection>& connections)
      : resolver_(resolver), authority_(authority), connections_(connections) {}

  // By absolute name. Those that are missing could not be read.
  std::map<std::string, RecordSet> Read(const base::Call& call, const std::vector<std::string>& names) {
    std::map<std::string, RecordSet> sets;
    std::map<std::string, std::vector<std::string>> askers;  // by the name that is asked for: those whose CNAMEs lead there
    for (const std::string& name : names) {
      for (const std::string& level : ClimbFrom(name)) askers[level] = {level};
    }
    for (int hop = 0; !askers.empty() && hop <= kMaxCnames; ++hop) askers = Ask(call, askers, sets);
    return sets;
  }

 private:
  // What is to be asked for next: the targets of CNAMEs.
  std::map<std::string, std::vector<std::string>> Ask(const base::Call& call,
                                                      const std::map<std::string, std::vector<std::string>>& askers,
                                                      std::map<std::string, RecordSet>& sets) {
    std::vector<std::string> names;
    for (const auto& [name, unused] : askers) names.push_back(name);
    const auto facts = authority_.Ask(call, names, ZonesOf(call, names), base::dns::RecordType::kCaa);
    std::map<std::string, std::vector<std::string>> next;
    if (!facts) return next;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const NameFacts& fact = (*facts)[i];
      if (!fact.is_authoritative) continue;
      const auto& levels = askers.at(names[i]);
      if (fact.cname && fact.records.empty()) {
        next[*fact.cname].insert(next[*fact.cname].end(), levels.begin(), levels.end());
      } else {
        for (const std::string& level : levels) sets[level] = SetOf(fact.records);
      }
    }
    return next;
  }

  static RecordSet SetOf(const std::vector<base::dns::Record>& records) {
    RecordSet set{.is_certain = true};
    for (const base::dns::Record& record : records) {
      auto property = ParseCaa(record.data);
      if (!property) set.is_certain = false;
      if (property) set.properties.push_back(*std::move(property));
    }
    return set;
  }

  // Those of the connections, else found by asking; empty where they are not found.
  std::vector<std::string> ZonesOf(const base::Call& call, const std::vector<std::string>& names) const {
    std::vector<std::string> zones(names.size());
    std::vector<std::string> others;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto index = FindByZoneName(connections_, names[i]);
      if (index) zones[i] = base::Absolute(connections_[*index].zone);
      if (!index) others.push_back(names[i]);
    }
    const auto found = others.empty() ? std::vector<Result<std::string>>() : resolver_.FindZones(call, others);
    auto next = found.begin();
    for (std::string& zone : zones) {
      if (!zone.empty()) continue;
      if (*next) zone = **next;
      ++next;
    }
    return zones;
  }

  const base::dns::Resolver& resolver_;  // borrowed, as below
  Authority& authority_;                 // borrowed, as below
  const std::vector<DnsConnection>& connections_;
};

class CaaCheckedSolver final : public acme::Solver {
 public:
  CaaCheckedSolver(std::unique_ptr<acme::Solver> solver, const SolverOptions& options, base::dns::Resolver resolver,
                   CaaCheck check)
      : solver_(std::move(solver)),
        connections_(options.connections),
        propagation_(options.propagation),
        random_(*options.deps.providers.random),
        resolver_(std::move(resolver)),
        check_(std::move(check)) {}

  Result<void> Prepare(const base::Call& call, std::span<const acme::ChallengeRecord> records) override {
    Result<void> prepared;
    Result<void> allowed;
    base::ForEachInParallel(2, 2, [&](std::size_t i) {
      if (i == 0) prepared = solver_->Prepare(call, records);
      if (i == 1 && !is_allowed_) allowed = Check(call);
    });
    is_allowed_ = is_allowed_ || allowed;
    return prepared ? allowed : prepared;
  }
  Result<void> Place(const base::Call& call, std::span<const acme::ChallengeRecord> records) override {
    return solver_->Place(call, records);
  }
  Result<void> Wait(const base::Call& call, std::span<const acme::ChallengeRecord> records) override {
    return solver_->Wait(call, records);
  }
  Result<void> Remove(const base::Call& call, std::span<const acme::ChallengeRecord> records) override {
    return solver_->Remove(call, records);
  }

 private:
  Result<void> Check(const base::Call& call) const {
    Authority authority(resolver_, random_, propagation_);
    const auto sets = CaaReader(resolver_, authority, connections_).Read(call.Within(kLimit), check_.names);
    std::vector<std::string> refusals;
    std::vector<std::string> doubts;
    for (const std::string& name : check_.names) {
      for (const std::string& level : ClimbFrom(name)) {
        const auto found = sets.find(level);
        if (found == sets.end() || !found->second.is_certain) {
          doubts.push_back(level);
          break;
        }
        if (found->second.properties.empty()) continue;
        if (auto refusal = RefusalBy(found->second, level, name)) refusals.push_back(*std::move(refusal));
        break;
      }
    }
    if (!doubts.empty()) {
      call.log.Info("CAA records were not read from a server of their zone; the CA decides",
                    {{base::key::kNames, base::Join(doubts, ", ")}});
    }
    if (refusals.empty()) return call.Check();
    return Error{.kind = ErrorKind::kDenied,
                 .message = "CAA records forbid this CA to issue the certificate",
                 .code = std::string(kCaaCode),
                 .details = std::move(refusals)};
  }

  std::optional<std::string> RefusalBy(const RecordSet& set, const std::string& level, const std::string& name) const {
    const auto subject = name.starts_with("*.") ? CaaSubject::kWildcard : CaaSubject::kName;
    const auto refusal = FindCaaRefusal(set.properties, subject, check_.issuer);
    if (!refusal) return std::nullopt;
    std::vector<std::string> records;
    for (const CaaProperty& one : set.properties) records.push_back(ToText(one));
    return Cat(name, ": by the records of ", level, " (", base::Join(records, ", "), "), ", *refusal);
  }

  std::unique_ptr<acme::Solver> solver_;
  const std::vector<DnsConnection> connections_;
  const PropagationOptions propagation_;
  base::Random& random_;  // borrowed; outlives this
  const base::dns::Resolver resolver_;
  const CaaCheck check_;
  bool is_allowed_ = false;  // looked at once for an order
};

}  // namespace

Result<std::unique_ptr<acme::Solver>> WithCaaCheck(std::unique_ptr<acme::Solver> solver, const SolverOptions& options,
                                                   CaaCheck check) {
  auto resolver = MakeResolver(options);
  if (!resolver) return std::move(resolver).error();
  return std::unique_ptr<acme::Solver>(
      std::make_unique<CaaCheckedSolver>(std::move(solver), options, *std::move(resolver), std::move(check)));
}

}  // namespace engine::dns
