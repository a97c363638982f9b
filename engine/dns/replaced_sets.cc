// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/replaced_sets.h"

#include <algorithm>
#include <utility>

#include "base/domain_name.h"
#include "base/http/api_error.h"
#include "base/text.h"
#include "engine/dns/record_api.h"
#include "engine/dns/record_set_api.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;

constexpr int kMaxWrites = 4;
constexpr std::chrono::milliseconds kOverwrittenPause{250};

// A zone's id is its name without the final dot.
class ReplacedSets final : public RecordSetApi {
 public:
  explicit ReplacedSets(std::unique_ptr<ReplacedSetApi> sets) : sets_(std::move(sets)) {}

  Result<std::string> FindZoneId(const base::Call&, const Zone& zone) const override {
    if (zone.id.empty()) return WithoutDot(zone.name);
    return Error{ErrorKind::kInvalid, Cat("\"", base::Printable(zone.id, 64), "\" is not a zone of ", sets_->api().vendor().name,
                                          ", where zones have no ids; write the zone's name")};
  }

  std::optional<std::string> FindZoneName(const base::Call&, const std::string& /*id*/) const override { return std::nullopt; }
  std::string QueueOf(const std::string& zone_id) const override { return Cat(sets_->api().vendor().name, "/", zone_id); }
  const void* owner() const override { return sets_->api().account(); }

  EditOutcome Change(const base::Call& call, const std::string& zone_id, std::span<const TxtEdit> edits) const override {
    const Zone zone{.name = base::Absolute(zone_id), .id = {}};
    const auto by_name = GroupByName(edits);
    std::vector<std::string> names;
    for (const auto& [name, its_edits] : by_name) names.push_back(name);
    EditOutcome outcome{.change = std::string()};
    const auto fail = [&](Error error) {
      outcome.may_be_done = outcome.may_be_done || base::http::MayHaveActed(error);
      outcome.change = std::move(error);
      return outcome;
    };
    for (int writes = 0;; ++writes) {
      auto sets = sets_->Read(call, zone, names);
      if (!sets) return fail(std::move(sets).error());
      const std::vector<TxtSet> changed = Apply(by_name, *std::move(sets));
      if (changed.empty()) return outcome;
      if (writes > 0) {
        call.log.Warn("another client overwrote TXT records", {{base::key::kZone, zone.name}, {base::key::kAttempt, writes}});
        if (writes == kMaxWrites) return outcome;  // whether the records are served is looked at later
        if (auto waited = call.Wait(kOverwrittenPause * writes); !waited) return fail(std::move(waited).error());
      }
      auto written = sets_->Write(call, zone, changed);
      const bool was_overtaken = !written && written.error().kind == ErrorKind::kConflict && writes + 1 < kMaxWrites;
      if (!written && !was_overtaken) return fail(std::move(written).error());
      outcome.may_be_done = true;
    }
  }

  Error Explain(Error error, const Zone& zone, const std::string& /*zone_id*/) const override {
    if (error.kind == ErrorKind::kNotFound) {
      error.kind = ErrorKind::kInvalid;  // the zone is wrong; no record is gone
      error.message.append(Cat("; the account has no zone ", zone.name));
    } else if (error.kind == ErrorKind::kDenied) {
      error.message.append(Cat("; the token needs ", sets_->permissions(), " for ", zone.name));
    }
    return error;
  }

 private:
  // Those of the sets that have to change, as they shall be.
  std::vector<TxtSet> Apply(const std::map<std::string, std::vector<TxtEdit>>& by_name, std::vector<TxtSet> sets) const {
    std::vector<TxtSet> changed;
    for (TxtSet& set : sets) {
      const std::vector<std::string> before = set.values;
      const std::vector<TxtEdit>& edits = by_name.at(set.fqdn);
      EditValues(
          set.values, edits, [](const std::string& value) { return value; },
          [](const TxtRecord& record) { return record.value; });
      if (set.values == before) continue;
      if (set.is_new) set.ttl = std::max(edits.front().record.ttl, sets_->shortest_ttl());
      changed.push_back(std::move(set));
    }
    return changed;
  }

  std::unique_ptr<ReplacedSetApi> sets_;
};

// Looks once more before the CA does: another client may have overwritten a value after it was verified.
class WatchingProvider final : public Provider {
 public:
  explicit WatchingProvider(std::unique_ptr<Provider> inner) : inner_(std::move(inner)) {}

  Result<void> Place(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                     std::vector<PlacedRecord>& placed) override {
    return inner_->Place(call, zone, records, placed);
  }
  Result<void> Remove(const base::Call& call, const Zone& zone, std::span<const PlacedRecord> records) override {
    return inner_->Remove(call, zone, records);
  }
  Result<void> AwaitServed(const base::Call& call, std::span<const PlacedRecord> placed) override {
    if (placed.empty()) return {};
    std::vector<TxtRecord> records;
    for (const PlacedRecord& one : placed) records.push_back(one.record);
    std::vector<PlacedRecord> again;
    return inner_->Place(call, {.name = base::Absolute(placed.front().zone_id), .id = {}}, records, again);
  }

 private:
  std::unique_ptr<Provider> inner_;
};

}  // namespace

std::unique_ptr<Provider> MakeReplacedSetProvider(std::unique_ptr<ReplacedSetApi> api, const connections::Deps& deps) {
  return std::make_unique<WatchingProvider>(MakeRecordSetProvider(std::make_unique<ReplacedSets>(std::move(api)), deps));
}

}  // namespace engine::dns
