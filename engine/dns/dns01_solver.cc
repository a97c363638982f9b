// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/dns01_solver.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "base/dns/resolver.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/connections/plain_http.h"
#include "engine/dns/await_texts.h"
#include "engine/dns/dns_over_https.h"
#include "engine/dns/provider.h"
#include "engine/dns/record_journal.h"
#include "engine/dns/resolver_options.h"
#include "engine/dns/shared_records.h"
#include "engine/dns/zone.h"
#include "engine/dns/zone_names.h"

namespace engine::dns {
namespace {

using acme::ChallengeRecord;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using std::chrono::milliseconds;

constexpr std::size_t kMaxConcurrentZones = 8;

// One challenge record that this solver is a user of.
struct Held {
  ChallengeRecord challenge;
  RecordTarget target;
  RecordKey key;
  std::optional<PlacedRecord> placed{};  // by this solver
};

// What one change of one zone consists of.
struct Batch {
  std::size_t connection = 0;
  Zone zone;
  std::vector<Held> held;
};

std::vector<std::string> NamesOf(std::span<const ChallengeRecord> records) {
  std::vector<std::string> names;
  for (const ChallengeRecord& record : records) names.push_back(record.fqdn);
  return names;
}

bool IsAmong(std::span<const ChallengeRecord> records, const Held& held) {
  const auto identity = [](const ChallengeRecord& one) { return std::tie(one.identifier, one.fqdn, one.value); };
  return std::any_of(records.begin(), records.end(),
                     [&](const ChallengeRecord& record) { return identity(record) == identity(held.challenge); });
}

std::vector<Batch> GroupByZone(std::vector<Held> all) {
  std::map<std::pair<std::size_t, std::string>, Batch> batches;
  for (Held& held : all) {
    Batch& batch = batches[{held.target.connection, held.target.zone.name}];
    batch.connection = held.target.connection;
    batch.zone = held.target.zone;
    batch.held.push_back(std::move(held));
  }
  std::vector<Batch> list;
  for (auto& [key, batch] : batches) list.push_back(std::move(batch));
  return list;
}

// Zones are independent of each other: they are changed at the same time. Returns one result per batch.
template <typename Change>
std::vector<Result<void>> ChangeZones(std::vector<Batch>& batches, const Change& change) {
  std::vector<Result<void>> results(batches.size());
  base::ForEachInParallel(batches.size(), kMaxConcurrentZones, [&](std::size_t i) { results[i] = change(batches[i]); });
  return results;
}

// The first failure, with the lines of all of them.
Result<void> Summary(std::vector<Result<void>> results) {
  Result<void> summary;
  std::vector<std::string> details;
  for (Result<void>& result : results) {
    if (result) continue;
    details.insert(details.end(), result.error().details.begin(), result.error().details.end());
    if (summary) summary = std::move(result);
  }
  if (!summary) summary.error().details = std::move(details);
  return summary;
}

class Dns01Solver final : public acme::Solver {
 public:
  Dns01Solver(SolverOptions options, std::vector<std::unique_ptr<Provider>> providers, base::dns::Resolver resolver)
      : options_(std::move(options)),
        providers_(std::move(providers)),
        resolver_(std::move(resolver)),
        authority_(resolver_, *options_.deps.providers.random, options_.propagation),
        shared_records_(options_.deps.providers.shared->Get<SharedRecords>()) {}

  // Records that the caller did not have removed stay where they are, but count no longer.
  ~Dns01Solver() override {
    for (const Held& held : held_) {
      if (shared_records_->Release(held.key)) shared_records_->SetRemoved(held.key);
    }
  }

  Result<void> Prepare(const base::Call& call, std::span<const ChallengeRecord> records) override {
    if (providers_.empty()) return {};  // all names are validated already, or Place says what is missing
    auto found = FindMissingTargets(call, NamesOf(records));
    if (!found && found.error().kind == ErrorKind::kInvalid) return found;
    return call.Check();
  }

  Result<void> Place(const base::Call& call, std::span<const ChallengeRecord> records) override {
    if (providers_.empty() && !records.empty()) {
      return Error{ErrorKind::kInvalid, Cat("the CA wants control of ", records.front().identifier,
                                            " proved by DNS-01, and its dns has no connection")};
    }
    const base::SteadyTime start = call.SteadyNow();
    auto wanted = FindWhere(call, records);
    if (!wanted) return std::move(wanted).error();
    auto batches = GroupByZone(*std::move(wanted));
    auto results = ChangeZones(batches, [&](Batch& batch) { return PlaceBatch(call, batch, start); });
    // A batch keeps what it is a user of now, also after a failure.
    for (Batch& batch : batches) held_.insert(held_.end(), batch.held.begin(), batch.held.end());
    return Summary(std::move(results));
  }

  Result<void> Wait(const base::Call& call, std::span<const ChallengeRecord> records) override {
    if (!options_.propagation.disable) {
      if (auto seen = AwaitVisible(call, records); !seen) return seen;
    }
    const milliseconds delay = options_.propagation.delay;
    if (delay.count() == 0) return {};
    call.log.Info("waiting as configured", {{base::key::kWait, delay}});
    return call.Wait(delay);
  }

  Result<void> Remove(const base::Call& call, std::span<const ChallengeRecord> records) override {
    auto batches = GroupByZone(TakeHeld(records));
    auto results = ChangeZones(batches, [&](Batch& batch) { return RemoveBatch(call, batch); });
    // What could not be removed is still held, so that the caller can try again.
    for (Batch& batch : batches) held_.insert(held_.end(), batch.held.begin(), batch.held.end());
    return Summary(std::move(results));
  }

 private:
  Result<void> AwaitVisible(const base::Call& call, std::span<const ChallengeRecord> records) {
    std::map<std::string, ExpectedText> by_name;
    for (const Held& held : held_) {
      if (!IsAmong(records, held)) continue;
      ExpectedText& text = by_name[held.target.fqdn];
      text.zone = held.target.zone.name;
      text.fqdn = held.target.fqdn;
      text.values.push_back(held.key.value);
    }
    std::vector<ExpectedText> expected;
    for (auto& [name, text] : by_name) expected.push_back(std::move(text));
    const base::SteadyTime start = call.SteadyNow();
    // Where sets are replaced, another machine may have overwritten a value meanwhile: the vendor's code puts it back.
    const auto look_again = [&] { return AwaitServed(call, records); };
    auto seen = AwaitTexts(call, options_, resolver_, authority_, expected, look_again);
    if (!seen) return std::move(seen).error().While("waiting for the challenge records to appear");
    call.log.Info("challenge records visible",
                  {{base::key::kCount, static_cast<std::uint64_t>(expected.size())}, {base::key::kTook, Since(call, start)}});
    return {};
  }

  static milliseconds Since(const base::Call& call, base::SteadyTime start) {
    return std::chrono::duration_cast<milliseconds>(call.SteadyNow() - start);
  }

  // The vendors' own word first, where they give it: the name servers that answer here are not those that the CA meets elsewhere.
  // Without it (permission missing, time over) the name servers have the last word.
  Result<void> AwaitServed(const base::Call& call, std::span<const ChallengeRecord> records) {
    std::vector<Held> wanted;
    std::copy_if(held_.begin(), held_.end(), std::back_inserter(wanted),
                 [&](const Held& held) { return held.placed && IsAmong(records, held); });
    auto batches = GroupByZone(std::move(wanted));
    const base::Call limited = call.Within(options_.propagation.timeout);
    ChangeZones(batches, [&](Batch& batch) -> Result<void> {
      std::vector<PlacedRecord> placed;
      for (const Held& held : batch.held) placed.push_back(*held.placed);
      auto served = providers_[batch.connection]->AwaitServed(limited, placed);
      if (!served) {
        call.log.Warn("the vendor did not confirm the change",
                      {{base::key::kZone, batch.zone.name}, {base::key::kError, served.error().message}});
      }
      return served;
    });
    return call.Check();
  }

  // Afterwards targets_ has these names.
  Result<void> FindMissingTargets(const base::Call& call, std::vector<std::string> fqdns) {
    // Apex and wildcard share a name: it is looked up once.
    std::sort(fqdns.begin(), fqdns.end());
    fqdns.erase(std::unique(fqdns.begin(), fqdns.end()), fqdns.end());
    std::erase_if(fqdns, [&](const std::string& fqdn) { return targets_.contains(fqdn); });
    if (fqdns.empty()) return {};
    NameZones(call);
    auto targets = FindTargets(call, options_.connections, resolver_, authority_, fqdns);
    if (!targets) return std::move(targets).error();
    for (std::size_t i = 0; i < fqdns.size(); ++i) targets_.emplace(fqdns[i], std::move((*targets)[i]));
    return {};
  }

  void NameZones(const base::Call& call) {
    const auto names = options_.deps.providers.shared->Get<ZoneNames>();
    for (std::size_t i = 0; i < providers_.size(); ++i) {
      DnsConnection& connection = options_.connections[i];
      if (connection.zone.empty() || IsZoneName(connection.zone)) continue;
      auto name = names->Find(call, *providers_[i], connection);
      if (name) connection.zone_id = std::exchange(connection.zone, *std::move(name));
    }
  }

  Result<std::vector<Held>> FindWhere(const base::Call& call, std::span<const ChallengeRecord> records) {
    if (auto all = FindMissingTargets(call, NamesOf(records)); !all) return std::move(all).error();
    std::vector<Held> found;
    for (const ChallengeRecord& record : records) {
      const RecordTarget& target = targets_.at(record.fqdn);
      RecordKey key{.connection = options_.connections[target.connection].connection.id,
                    .zone = target.zone.name,
                    .fqdn = target.fqdn,
                    .value = record.value};
      found.push_back({.challenge = record, .target = target, .key = std::move(key)});
    }
    return found;
  }

  // Afterwards batch.held is what this solver is a user of, placed or not: shared_records_ knows which.
  Result<void> PlaceBatch(const base::Call& call, Batch& batch, base::SteadyTime start) {
    std::vector<Held> wanted = std::exchange(batch.held, {});
    std::map<RecordKey, TxtRecord> to_place;
    for (Held& held : wanted) {
      const auto state = shared_records_->Acquire(call, held.key);
      if (!state) return state.error();
      if (*state == SharedRecords::State::kToBePlaced) to_place[held.key] = {.fqdn = held.key.fqdn, .value = held.key.value};
      batch.held.push_back(std::move(held));
    }
    std::vector<TxtRecord> records;
    std::vector<LeftoverRecord> noted;
    for (auto& [key, record] : to_place) records.push_back(record);
    for (auto& [key, record] : to_place) noted.push_back({.key = key, .zone_id = batch.zone.id});
    if (options_.journal != nullptr && !noted.empty()) options_.journal->AddRecords(call, noted);
    std::vector<PlacedRecord> placed;
    auto result = records.empty() ? Result<void>() : providers_[batch.connection]->Place(call, batch.zone, records, placed);
    for (const PlacedRecord& one : placed) {
      RecordKey key = batch.held.front().key;
      key.fqdn = one.record.fqdn;
      key.value = one.record.value;
      for (Held& held : batch.held) {
        if (held.key == key) held.placed = one;
      }
      shared_records_->SetPlaced(key, one);
    }
    if (!result) return std::move(result).error().While(Cat("placing the challenge records in zone ", batch.zone.name));
    call.log.Info("challenge records placed", {{base::key::kZone, batch.zone.name},
                                               {base::key::kCount, static_cast<std::uint64_t>(records.size())},
                                               {base::key::kTook, Since(call, start)}});
    return {};
  }

  // Afterwards batch.held is what is left.
  Result<void> RemoveBatch(const base::Call& call, Batch& batch) {
    std::vector<LeftoverRecord> noted;
    for (const Held& held : batch.held) noted.push_back({.key = held.key, .zone_id = batch.zone.id});
    auto removed = RemoveUnused(call, batch);
    if (removed && options_.journal != nullptr) options_.journal->DropRecords(noted);
    return removed;
  }

  Result<void> RemoveUnused(const base::Call& call, Batch& batch) {
    std::vector<PlacedRecord> last;
    std::erase_if(batch.held, [&](const Held& held) {
      auto placed = shared_records_->Release(held.key);
      if (!placed) return true;
      last.push_back(*std::move(placed));
      return false;
    });
    if (last.empty()) return {};
    auto result = providers_[batch.connection]->Remove(call, batch.zone, last);
    if (!result) {
      for (const Held& held : batch.held) {
        shared_records_->SetKept(held.key);
        result.error().details.push_back(DescribeRecord(held.key));
      }
      return std::move(result).error().While(Cat("removing the challenge records from zone ", batch.zone.name));
    }
    for (const Held& held : std::exchange(batch.held, {})) shared_records_->SetRemoved(held.key);
    call.log.Info("challenge records removed",
                  {{base::key::kZone, batch.zone.name}, {base::key::kCount, static_cast<std::uint64_t>(last.size())}});
    return {};
  }

  std::vector<Held> TakeHeld(std::span<const ChallengeRecord> records) {
    const auto kept =
        std::stable_partition(held_.begin(), held_.end(), [&](const Held& held) { return !IsAmong(records, held); });
    std::vector<Held> taken(std::make_move_iterator(kept), std::make_move_iterator(held_.end()));
    held_.erase(kept, held_.end());
    return taken;
  }

  SolverOptions options_;
  std::vector<std::unique_ptr<Provider>> providers_;  // one a connection, in the same order
  base::dns::Resolver resolver_;
  Authority authority_;
  std::map<std::string, RecordTarget> targets_;    // by the challenge's name
  std::shared_ptr<SharedRecords> shared_records_;  // by the solvers of one configuration
  std::vector<Held> held_;
};

}  // namespace

Result<std::unique_ptr<acme::Solver>> MakeDns01Solver(SolverOptions options) {
  std::vector<std::unique_ptr<Provider>> providers;
  for (const DnsConnection& one : options.connections) {
    const ProviderSpec* spec = options.deps.find_provider(one.connection.kind);
    if (spec == nullptr) {
      return Error{ErrorKind::kInvalid, Cat("a connection of the kind \"", one.connection.kind, "\" cannot place DNS records")};
    }
    auto provider = spec->make(one.connection, DepsOf(one.connection, options.deps.providers));
    if (!provider) return std::move(provider).error();
    providers.push_back(*std::move(provider));
  }
  auto resolver = MakeResolver(options);
  if (!resolver) return std::move(resolver).error();
  return std::unique_ptr<acme::Solver>(
      std::make_unique<Dns01Solver>(std::move(options), std::move(providers), *std::move(resolver)));
}

Result<void> CheckServerAddress(std::string_view text) {
  if (auto parsed = base::dns::ParseServerAddress(text); !parsed) return std::move(parsed).error();
  return {};
}

Result<void> CheckResolver(std::string_view text) {
  if (!IsDnsOverHttps(text)) return CheckServerAddress(text);
  if (auto url = base::ParseUrl(text); !url) return std::move(url).error();
  return {};
}

}  // namespace engine::dns
