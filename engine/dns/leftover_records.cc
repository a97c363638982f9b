// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/leftover_records.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "engine/connections/plain_http.h"
#include "engine/dns/provider.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;

Result<std::unique_ptr<Provider>> ProviderFor(std::span<const DnsConnection> connections, const SolverDeps& deps,
                                              const std::string& id) {
  const auto found =
      std::find_if(connections.begin(), connections.end(), [&](const DnsConnection& one) { return one.connection.id == id; });
  const ProviderSpec* spec = found == connections.end() ? nullptr : deps.find_provider(found->connection.kind);
  if (spec == nullptr) return Error{ErrorKind::kNotFound, "the CA no longer has the connection that placed the records"};
  return spec->make(found->connection, DepsOf(found->connection, deps.providers));
}

// The key of a record in the zone and connection of another one.
RecordKey KeyOf(RecordKey other, const PlacedRecord& placed) {
  other.fqdn = placed.record.fqdn;
  other.value = placed.record.value;
  return other;
}

// Returns those that no order uses, each to be marked as removed afterwards.
Result<std::vector<PlacedRecord>> TakeUnused(const base::Call& call, SharedRecords& shared_records,
                                             std::span<const LeftoverRecord> records) {
  std::vector<PlacedRecord> unused;
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  for (const LeftoverRecord& one : records) {
    const auto state = shared_records.Acquire(call, one.key);
    if (!state) {
      for (const PlacedRecord& taken : unused) shared_records.SetRemoved(KeyOf(one.key, taken));
      return state.error();
    }
    if (*state == SharedRecords::State::kToBePlaced) {
      shared_records.SetPlaced(one.key, {.zone_id = {}, .record_id = {}, .record = {one.key.fqdn, one.key.value}});
    }
    if (auto record = shared_records.Release(one.key)) unused.push_back(*std::move(record));
  }
  return unused;
}

Result<void> RemoveFromZone(const base::Call& call, std::span<const DnsConnection> connections, const SolverDeps& deps,
                            std::span<const LeftoverRecord> records) {
  const LeftoverRecord& first = records.front();
  const auto provider = ProviderFor(connections, deps, first.key.connection);
  if (!provider) return provider.error();
  const auto shared_records = deps.providers.shared->Get<SharedRecords>();
  const auto unused = TakeUnused(call, *shared_records, records);
  if (!unused) return unused.error();
  if (unused->empty()) return {};
  auto removed = (*provider)->Remove(call, {.name = first.key.zone, .id = first.zone_id}, *unused);
  for (const PlacedRecord& taken : *unused) shared_records->SetRemoved(KeyOf(first.key, taken));
  return removed;
}

}  // namespace

Result<void> RemoveLeftoverRecords(const base::Call& call, std::span<const DnsConnection> connections, const SolverDeps& deps,
                                   std::vector<LeftoverRecord>& records) {
  std::map<std::pair<std::string, std::string>, std::vector<LeftoverRecord>> by_zone;
  for (LeftoverRecord& one : records) by_zone[{one.key.connection, one.key.zone}].push_back(std::move(one));
  records.clear();
  Result<void> summary;
  for (const auto& [where, of_zone] : by_zone) {
    auto removed = RemoveFromZone(call, connections, deps, of_zone);
    if (removed) {
      call.log.Info("challenge records of an earlier run removed",
                    {{base::key::kZone, where.second}, {base::key::kCount, static_cast<std::uint64_t>(of_zone.size())}});
      continue;
    }
    records.insert(records.end(), of_zone.begin(), of_zone.end());
    if (summary) summary = std::move(removed).error().While(Cat("removing the challenge records from zone ", where.second));
  }
  if (summary) return summary;
  summary.error().details.clear();
  for (const LeftoverRecord& one : records) summary.error().details.push_back(DescribeRecord(one.key));
  return summary;
}

}  // namespace engine::dns
