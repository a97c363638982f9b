// SPDX-License-Identifier: MPL-2.0
// PowerDNS: all names of a zone in one PATCH. From 4.9.12 and 5.0.2 on it adds and removes single records itself (EXTEND, PRUNE);
// before, sets are read, changed and replaced. https://doc.powerdns.com/authoritative/http-api/zone.html
#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "base/domain_name.h"
#include "base/http/api_error.h"
#include "base/key_locks.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/provider.h"
#include "engine/dns/txt_content.h"
#include "engine/vendors/powerdns/connection.h"
#include "engine/vendors/powerdns/vendor.h"

namespace engine::vendors::powerdns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::Json;
using base::Result;
using base::TryForEachInParallel;
using dns::kMaxConcurrentRequests;
using dns::PlacedRecord;
using dns::Provider;
using dns::ProviderSpec;
using dns::QuoteTxt;
using dns::TxtRecord;
using dns::UnquoteTxt;
using dns::Zone;

enum class Change { kAdd, kRemove };

constexpr int kMaxRemovals = 3;
constexpr std::chrono::milliseconds kSettlePause{200};

std::string PathName(const Zone& zone) { return zone.id.empty() ? zone.name : base::Absolute(zone.id); }

std::string ZonePath(const Zone& zone) { return Cat("/zones/", base::PercentEncode(PathName(zone))); }

Json SetFor(const std::string& name, std::int64_t ttl, const char* changetype, Json records) {
  return {{"name", name}, {"type", "TXT"}, {"ttl", ttl}, {"changetype", changetype}, {"records", std::move(records)}};
}

Json ToRecord(const TxtRecord& record) { return {{"content", QuoteTxt(record.value)}, {"disabled", false}}; }

// A set as the server has it.
struct TxtSet {
  std::string name;
  std::int64_t ttl = 0;
  Json records = Json::array();
  std::vector<TxtRecord> changes;  // what is to become of it
};

// True when the set is another one afterwards. A disabled record does not count as there.
bool Apply(TxtSet& set, Change change) {
  bool is_changed = false;
  for (const TxtRecord& record : set.changes) {
    const auto is_equal = [&](const Json& one) {
      const auto content = FindString(one, "content");
      return content && UnquoteTxt(*content) == record.value && base::FindBool(one, "disabled") != true;
    };
    const auto found = std::find_if(set.records.begin(), set.records.end(), is_equal);
    if ((found == set.records.end()) != (change == Change::kAdd)) continue;
    is_changed = true;
    if (change == Change::kRemove) {
      set.records.erase(found);
      continue;
    }
    if (set.records.empty()) set.ttl = record.ttl.count();
    set.records.push_back(ToRecord(record));
  }
  return is_changed;
}

std::vector<TxtSet> GroupByName(std::span<const TxtRecord> records) {
  std::map<std::string, TxtSet> by_name;
  for (const TxtRecord& record : records) by_name[record.fqdn].changes.push_back(record);
  std::vector<TxtSet> sets;
  for (auto& [name, set] : by_name) {
    set.name = name;
    sets.push_back(std::move(set));
  }
  return sets;
}

class Powerdns final : public Provider {
 public:
  Powerdns(PowerdnsApi api, std::shared_ptr<base::KeyLocks> locks) : api_(std::move(api)), locks_(std::move(locks)) {}

  Result<void> Place(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                     std::vector<PlacedRecord>& placed) override {
    Job job{.zone = zone, .change = Change::kAdd, .sets = GroupByName(records)};
    auto changed = Run(call, job);
    for (TxtRecord& record : job.acted)
      placed.push_back({.zone_id = PathName(zone), .record_id = {}, .record = std::move(record)});
    return changed;
  }

  Result<void> Remove(const base::Call& call, const Zone& zone, std::span<const PlacedRecord> placed) override {
    std::vector<TxtRecord> records;
    for (const PlacedRecord& one : placed) records.push_back(one.record);
    for (int round = 1;; ++round) {
      Job job{.zone = zone, .change = Change::kRemove, .sets = GroupByName(records)};
      auto removed = Run(call, job);
      const bool is_settled = has_single_changes_ || round == kMaxRemovals || !job.is_changed;
      if (!removed || is_settled) return removed;
      // Another machine that replaces the set may have read it before: the value would be back.
      if (auto waited = call.Wait(kSettlePause); !waited) return waited;
    }
  }

  // Puts back what another machine overwrote: it had read the set before the value came.
  Result<void> AwaitServed(const base::Call& call, std::span<const PlacedRecord> placed) override {
    if (has_single_changes_) return {};
    if (placed.empty()) return {};
    std::vector<TxtRecord> records;
    for (const PlacedRecord& one : placed) records.push_back(one.record);
    const Zone zone{.name = placed.front().zone_id, .id = {}};
    Job job{.zone = zone, .change = Change::kAdd, .sets = GroupByName(records)};
    return Run(call, job);
  }

 private:
  struct Job {
    const Zone& zone;
    Change change;
    std::vector<TxtSet> sets;
    std::vector<TxtRecord> acted{};  // what was changed, or may have been
    bool is_changed = false;         // by ReplaceSets
  };

  Result<void> Run(const base::Call& call, Job& job) {
    auto changed = has_single_changes_ ? ChangeSingly(call, job) : ReplaceSets(call, job);
    if (!changed && LacksSingleChanges(changed.error())) {
      has_single_changes_ = false;
      changed = ReplaceSets(call, job);
    }
    if (!changed && changed.error().kind == ErrorKind::kNotFound) {
      changed.error().message.append(Cat("; the server has no zone ", job.zone.name));
    }
    if (!changed) return changed;
    // A primary tells its secondaries at once instead of at its next round; where there are none this does nothing.
    if (auto told = api_.Send(call, "PUT", ZonePath(job.zone) + "/notify"); !told) {
      call.log.Debug("secondaries not notified", {{base::key::kZone, job.zone.name}, {base::key::kError, told.error().message}});
    }
    return {};
  }

  // One PATCH, and one more for each further value of a name: a set takes a single record at a time.
  Result<void> ChangeSingly(const base::Call& call, Job& job) const {
    for (std::size_t round = 0;; ++round) {
      Json patch = Json::array();
      std::vector<TxtRecord> records;
      for (const TxtSet& set : job.sets) {
        if (round >= set.changes.size()) continue;
        const TxtRecord& record = set.changes[round];
        patch.push_back(SetFor(set.name, record.ttl.count(), job.change == Change::kAdd ? "EXTEND" : "PRUNE",
                               Json::array({ToRecord(record)})));
        records.push_back(record);
      }
      if (patch.empty()) return {};
      if (auto sent = Patch(call, job, std::move(patch), records); !sent) return sent;
    }
  }

  Result<void> ReplaceSets(const base::Call& call, Job& job) const {
    const auto held = locks_->Acquire(call, Cat(api_.url(), ZonePath(job.zone)));
    if (!held) return held.error();
    auto read = TryForEachInParallel(job.sets.size(), kMaxConcurrentRequests,
                                     [&](std::size_t i) { return Read(call, job.zone, job.sets[i]); });
    if (!read) return read;
    Json patch = Json::array();
    std::vector<TxtRecord> records;
    for (TxtSet& set : job.sets) {
      if (Apply(set, job.change)) patch.push_back(SetFor(set.name, set.ttl, "REPLACE", std::move(set.records)));
      records.insert(records.end(), set.changes.begin(), set.changes.end());
    }
    job.is_changed = !patch.empty();
    return Patch(call, job, std::move(patch), records);
  }

  // Old servers do not know the filter and send the whole zone, which is as good.
  Result<void> Read(const base::Call& call, const Zone& zone, TxtSet& set) const {
    auto reply = api_.Send(call, "GET", Cat(ZonePath(zone), "?rrset_name=", base::PercentEncode(set.name), "&rrset_type=TXT"));
    if (!reply) return std::move(reply).error();
    const Json* rrsets = FindMember(*reply, "rrsets");
    if (rrsets == nullptr || !rrsets->is_array()) return Error{ErrorKind::kProtocol, "PowerDNS's answer lacks the record sets"};
    for (const Json& one : *rrsets) {
      const Json* records = FindMember(one, "records");
      if (FindString(one, "name") != set.name || FindString(one, "type") != "TXT" || records == nullptr) continue;
      set.ttl = base::FindInteger(one, "ttl").value_or(0);
      set.records = *records;
    }
    return {};
  }

  Result<void> Patch(const base::Call& call, Job& job, Json rrsets, std::span<const TxtRecord> records) const {
    auto reply =
        rrsets.empty() ? Result<Json>(Json()) : api_.Send(call, "PATCH", ZonePath(job.zone), Json{{"rrsets", std::move(rrsets)}});
    if (reply || base::http::MayHaveActed(reply.error())) job.acted.insert(job.acted.end(), records.begin(), records.end());
    if (!reply) return std::move(reply).error();
    return {};
  }

  // "Changetype not understood": refused before anything was changed.
  static bool LacksSingleChanges(const Error& error) {
    return error.kind == ErrorKind::kInvalid && error.message.find("Changetype") != std::string::npos;
  }

  PowerdnsApi api_;
  std::shared_ptr<base::KeyLocks> locks_;  // shared by the providers of one configuration
  std::atomic<bool> has_single_changes_ = true;
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto api = MakePowerdnsApi(connection, deps);
  if (!api) return std::move(api).error();
  return std::unique_ptr<Provider>(std::make_unique<Powerdns>(*std::move(api), deps.shared->Get<base::KeyLocks>("zones")));
}

}  // namespace

const ProviderSpec kDns{.name = "powerdns", .connection = "powerdns", .make = Make};

}  // namespace engine::vendors::powerdns
