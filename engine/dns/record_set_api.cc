// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/record_set_api.h"

#include <set>
#include <utility>

#include "base/domain_name.h"
#include "base/text.h"

namespace engine::dns {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;

constexpr int kMaxChanges = 8;
constexpr std::chrono::milliseconds kPause{250};

class RecordSetProvider final : public Provider {
 public:
  RecordSetProvider(std::unique_ptr<RecordSetApi> api, std::shared_ptr<ZoneBatcher> batcher)
      : api_(std::move(api)), batcher_(std::move(batcher)) {}

  Result<void> Place(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                     std::vector<PlacedRecord>& placed) override {
    const auto zone_id = api_->FindZoneId(call, zone);
    if (!zone_id) return zone_id.error();
    std::vector<TxtEdit> edits;
    for (const TxtRecord& record : records) edits.push_back({TxtEdit::Action::kAdd, record});
    EditOutcome outcome = Change(call, zone, *zone_id, edits);
    if (outcome.change || outcome.may_be_done) {
      const std::string change_id = outcome.change ? *outcome.change : "";
      for (const TxtRecord& record : records) placed.push_back({.zone_id = *zone_id, .record_id = change_id, .record = record});
    }
    if (!outcome.change) return std::move(outcome.change).error();
    return {};
  }

  Result<void> Remove(const base::Call& call, const Zone& zone, std::span<const PlacedRecord> records) override {
    std::map<std::string, std::vector<TxtEdit>> by_zone_id;
    for (const PlacedRecord& one : records) by_zone_id[one.zone_id].push_back({TxtEdit::Action::kRemove, one.record});
    for (const auto& [known_id, edits] : by_zone_id) {
      const auto zone_id = known_id.empty() ? api_->FindZoneId(call, zone) : Result<std::string>(known_id);
      if (!zone_id) return zone_id.error();
      EditOutcome outcome = Change(call, zone, *zone_id, edits);
      if (!outcome.change) return std::move(outcome.change).error();
    }
    return {};
  }

  std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) override {
    return api_->FindZoneName(call, id);
  }

  Result<void> AwaitServed(const base::Call& call, std::span<const PlacedRecord> records) override {
    std::set<std::string> change_ids;
    for (const PlacedRecord& placed : records) {
      if (!placed.record_id.empty()) change_ids.insert(placed.record_id);
    }
    for (const std::string& id : change_ids) {
      if (auto served = api_->AwaitServed(call, id); !served) return served;
    }
    return {};
  }

 private:
  EditOutcome Change(const base::Call& call, const Zone& zone, const std::string& zone_id, std::span<const TxtEdit> edits) const {
    for (const TxtEdit& edit : edits) {
      if (base::IsInZone(edit.record.fqdn, zone.name)) continue;
      return {.change = Error{ErrorKind::kInvalid, base::Cat(edit.record.fqdn, " does not lie in the zone ", zone.name)}};
    }
    EditOutcome outcome = batcher_->Run(
        call, api_->QueueOf(zone_id), api_->owner(), edits,
        [&](const base::Call& sending, std::span<const TxtEdit> all) { return api_->Change(sending, zone_id, all); });
    if (!outcome.change) outcome.change = api_->Explain(std::move(outcome.change).error(), zone, zone_id);
    return outcome;
  }

  std::unique_ptr<RecordSetApi> api_;
  std::shared_ptr<ZoneBatcher> batcher_;  // shared by the providers of one configuration
};

}  // namespace

Result<void> RepeatWhileOvertaken(const base::Call& call, const std::function<Result<void>()>& change,
                                  const std::function<bool(const Error&)>& was_overtaken) {
  for (int attempt = 1;; ++attempt) {
    auto changed = change();
    if (changed || attempt == kMaxChanges || !was_overtaken(changed.error())) return changed;
    call.log.Debug("record sets are read again", {{base::key::kAttempt, attempt}, {base::key::kError, changed.error().message}});
    if (auto waited = call.Wait(kPause * attempt); !waited) return waited;
  }
}

std::unique_ptr<Provider> MakeRecordSetProvider(std::unique_ptr<RecordSetApi> api, const connections::Deps& deps) {
  return std::make_unique<RecordSetProvider>(std::move(api), deps.shared->Get<ZoneBatcher>());
}

std::map<std::string, std::vector<TxtEdit>> GroupByName(std::span<const TxtEdit> edits) {
  std::map<std::string, std::vector<TxtEdit>> by_name;
  for (const TxtEdit& edit : edits) by_name[edit.record.fqdn].push_back(edit);
  return by_name;
}

}  // namespace engine::dns
