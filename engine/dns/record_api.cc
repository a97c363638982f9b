// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/record_api.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/http/api_error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/url.h"

namespace engine::dns {
namespace {

using base::ErrorKind;
using base::Result;
using base::TryForEachInParallel;

class RecordProvider final : public Provider {
 public:
  RecordProvider(std::unique_ptr<RecordApi> api, std::size_t batch) : api_(std::move(api)), batch_(batch) {}

  Result<void> Place(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                     std::vector<PlacedRecord>& placed) override {
    if (auto fine = call.Check(); !fine) return fine;
    const auto found = api_->FindZone(call, zone);
    if (!found) return found.error();
    if (!api_->KeepsEqualRecords()) return PlaceNew(call, *found, records, placed);
    auto there = api_->FindAll(call, *found, records);
    if (!there) {
      // An earlier attempt of this run may have placed them.
      if (base::http::MayHaveActed(there.error())) AddUnknown(*found, records, placed);
      return std::move(there).error();
    }
    std::vector<TxtRecord> missing;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::vector<std::string>& ids = (*there)[i];
      if (ids.empty()) {
        missing.push_back(records[i]);
      } else {
        placed.push_back({.zone_id = found->id, .record_id = ids.front(), .record = records[i]});
      }
    }
    return PlaceNew(call, *found, missing, placed);
  }

  std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) override {
    return api_->FindZoneName(call, id);
  }

  Result<void> Remove(const base::Call& call, const Zone& zone, std::span<const PlacedRecord> records) override {
    if (records.empty()) return {};
    const std::string& id = zone.id.empty() ? records.front().zone_id : zone.id;
    const auto found = api_->FindZone(call, {.name = zone.name, .id = id});
    if (!found) return found.error();
    std::vector<std::string> ids;
    std::vector<TxtRecord> unknown;
    for (const PlacedRecord& record : records) {
      if (record.record_id.empty()) {
        unknown.push_back(record.record);
      } else {
        ids.push_back(record.record_id);
      }
    }
    if (!unknown.empty()) {
      const auto found_ids = api_->FindAll(call, *found, unknown);
      if (!found_ids) return found_ids.error();
      for (const auto& those : *found_ids) ids.insert(ids.end(), those.begin(), those.end());
    }
    const std::span<const std::string> all(ids);
    return TryForEachInParallel((all.size() + batch_ - 1) / batch_, kMaxConcurrentRequests, [&](std::size_t i) {
      return DeleteBatch(call, *found, all.subspan(i * batch_, std::min(batch_, all.size() - i * batch_)));
    });
  }

 private:
  Result<void> PlaceNew(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                        std::vector<PlacedRecord>& placed) const {
    std::vector<std::vector<PlacedRecord>> parts((records.size() + batch_ - 1) / batch_);
    auto result = TryForEachInParallel(parts.size(), kMaxConcurrentRequests, [&](std::size_t i) {
      return PlaceBatch(call, zone, records.subspan(i * batch_, std::min(batch_, records.size() - i * batch_)), parts[i]);
    });
    for (auto& part : parts) std::move(part.begin(), part.end(), std::back_inserter(placed));
    return result;
  }

  Result<void> PlaceBatch(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                          std::vector<PlacedRecord>& placed) const {
    auto ids = api_->Create(call, zone, records);
    if (ids) {
      for (std::size_t i = 0; i < records.size(); ++i) {
        placed.push_back({.zone_id = zone.id, .record_id = (*ids)[i], .record = records[i]});
      }
      return {};
    }
    if (ids.error().kind == ErrorKind::kConflict) return PlaceAround(call, zone, records, placed, std::move(ids).error());
    if (base::http::MayHaveActed(ids.error())) AddUnknown(zone, records, placed);
    return std::move(ids).error();
  }

  // Records that may have been placed, under ids that are not known.
  static void AddUnknown(const Zone& zone, std::span<const TxtRecord> records, std::vector<PlacedRecord>& placed) {
    for (const TxtRecord& record : records) placed.push_back({.zone_id = zone.id, .record_id = {}, .record = record});
  }

  // One of the records is there already: each goes alone, and the one that is there is as good as placed.
  Result<void> PlaceAround(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                           std::vector<PlacedRecord>& placed, base::Error conflict) const {
    if (records.size() > 1) {
      for (std::size_t i = 0; i < records.size(); ++i) {
        if (auto one = PlaceBatch(call, zone, records.subspan(i, 1), placed); !one) return one;
      }
      return {};
    }
    const auto there = api_->Find(call, zone, records.front());
    if (!there) return there.error();
    if (there->empty()) return conflict;
    placed.push_back({.zone_id = zone.id, .record_id = there->front(), .record = records.front()});
    return {};
  }

  Result<void> DeleteBatch(const base::Call& call, const Zone& zone, std::span<const std::string> ids) const {
    auto deleted = api_->Delete(call, zone, ids);
    if (deleted || deleted.error().kind != ErrorKind::kNotFound) return deleted;
    if (ids.size() == 1) return {};
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (auto one = DeleteBatch(call, zone, ids.subspan(i, 1)); !one) return one;
    }
    return {};
  }

  std::unique_ptr<RecordApi> api_;
  std::size_t batch_;
};

}  // namespace

Result<std::vector<std::vector<std::string>>> RecordApi::FindAll(const base::Call& call, const Zone& zone,
                                                                 std::span<const TxtRecord> records) const {
  std::vector<std::vector<std::string>> found(records.size());
  auto looked_up = TryForEachInParallel(records.size(), kMaxConcurrentRequests, [&](std::size_t i) -> Result<void> {
    auto ids = Find(call, zone, records[i]);
    if (!ids) return std::move(ids).error();
    found[i] = *std::move(ids);
    return {};
  });
  if (!looked_up) return std::move(looked_up).error();
  return found;
}

std::unique_ptr<Provider> MakeRecordProvider(std::unique_ptr<RecordApi> api, std::size_t batch) {
  return std::make_unique<RecordProvider>(std::move(api), batch);
}

std::string WithoutDot(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return std::string(name);
}

std::string RelativeName(const std::string& fqdn, const Zone& zone) {
  if (fqdn.size() <= zone.name.size()) return {};
  return fqdn.substr(0, fqdn.size() - zone.name.size() - 1);
}

std::string SpellName(const std::string& fqdn, const Zone& zone, NameSpelling spelling, std::string_view apex) {
  if (spelling == NameSpelling::kAbsolute) return WithoutDot(fqdn);
  std::string name = RelativeName(fqdn, zone);
  return name.empty() ? std::string(apex) : name;
}

std::string FillPath(std::string_view pattern, std::string_view mark, std::string_view text) {
  const std::size_t at = pattern.find(mark);
  if (at == std::string_view::npos) return std::string(pattern);
  return base::Cat(pattern.substr(0, at), base::PercentEncode(text), pattern.substr(at + mark.size()));
}

}  // namespace engine::dns
