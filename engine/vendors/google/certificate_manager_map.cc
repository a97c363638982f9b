// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/certificate_manager_map.h"

#include <algorithm>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/sync/stored_object.h"

namespace engine::vendors::google {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;

Labels LabelsOf(const Json& entry) { return base::FindStringMap(entry, "labels"); }
bool IsOfSync(const Json& entry, std::string_view sync_id) { return sync::HasTag(LabelsOf(entry), kSyncLabel, sync_id); }

}  // namespace

std::string EntryOf(const sync::Deployed& known) {
  if (const auto part = known.parts.find(kEntryPart); part != known.parts.end()) return part->second;
  const auto note = known.notes.find(kEntryPart);
  return note == known.notes.end() ? std::string() : note->second;
}

MapEntry::MapEntry(std::shared_ptr<const GoogleResources> api, const std::string& place, const std::string& map,
                   std::string hostname, const sync::Setup& setup)
    : api_(std::move(api)),
      hostname_(std::move(hostname)),
      ownership_(std::make_unique<sync::Ownership>(setup)),
      changing_(std::make_unique<base::KeyLocks>()) {
  if (map.empty()) return;
  collection_ = Cat(place, "/certificateMaps/", map, "/certificateMapEntries");
  name_ = Cat(collection_, "/certwright-", base::Hex(base::crypto::Sha256(hostname_)).substr(0, 16));
}

Result<std::vector<std::string>> MapEntry::Shown(const Call& call) const {
  if (name_.empty()) return std::vector<std::string>();
  const auto entry = api_->Find(call, name_);
  if (!entry) return entry.error();
  if (!*entry || !IsOfSync(**entry, ownership_->sync_id())) return std::vector<std::string>();
  return base::FindStrings(**entry, "certificates");
}

Result<void> MapEntry::Show(const Call& call, const std::string& certificate) {
  if (name_.empty()) return {};
  const auto turn = changing_->Acquire(call, name_);
  if (!turn) return turn.error();
  const auto entry = api_->Find(call, name_);
  if (!entry) return entry.error();
  if (!*entry) {
    Json body{{"labels", {{kSyncLabel, ownership_->sync_id()}}}, {"certificates", Json::array({certificate})}};
    if (hostname_.empty()) {
      body["matcher"] = "PRIMARY";
    } else {
      body["hostname"] = hostname_;
    }
    return api_->Create(call, collection_, "certificateMapEntryId", name_.substr(name_.rfind('/') + 1), body);
  }
  const bool is_ours = IsOfSync(**entry, ownership_->sync_id());
  const sync::Mark mark =
      is_ours ? sync::Mark::kOurs : ownership_->ReadMark(name_, sync::MarksIn(LabelsOf(**entry), kMarkNames), "");
  if (mark == sync::Mark::kNone || !sync::MayRemark(mark, false)) {
    return Error{ErrorKind::kConflict, Cat("the certificate map has an entry for ",
                                           hostname_.empty() ? "no host name" : hostname_, " already, which is not this sync's")};
  }
  std::vector<std::string> shown = base::FindStrings(**entry, "certificates");
  const bool is_shown = std::find(shown.begin(), shown.end(), certificate) != shown.end();
  if (is_shown && is_ours) return {};
  if (!is_shown) shown.push_back(certificate);
  if (is_ours) return api_->Update(call, name_, "certificates", {{"certificates", shown}});
  Labels labels = LabelsOf(**entry);
  labels.insert_or_assign(std::string(kSyncLabel), ownership_->sync_id());
  return api_->Update(call, name_, "certificates,labels", {{"certificates", shown}, {"labels", labels}});
}

Result<void> MapEntry::Withdraw(const Call& call, const std::string& entry, const std::string& certificate) {
  if (entry.empty()) return {};
  const auto turn = changing_->Acquire(call, entry);
  if (!turn) return turn.error();
  const auto there = api_->Find(call, entry);
  if (!there) return there.error();
  if (!*there || !IsOfSync(**there, ownership_->sync_id())) return {};
  std::vector<std::string> shown = base::FindStrings(**there, "certificates");
  if (std::erase(shown, certificate) == 0) return {};
  if (shown.empty()) return api_->Delete(call, entry);
  return api_->Update(call, entry, "certificates", {{"certificates", shown}});
}

}  // namespace engine::vendors::google
