// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/stored_object.h"

#include "base/http/api_error.h"

namespace engine::sync {
namespace {

bool IsThisSyncs(const Evidence& evidence) {
  return evidence.mark == Mark::kNone ? evidence.is_unchanged : evidence.mark != Mark::kForeign;
}

}  // namespace

Mark ReadMark(const Ownership& ownership, const StoredObject& object, std::string_view certificate_id) {
  if (!object.tags.contains(kSyncTag)) return Mark::kNone;
  if (ownership.Owns(object.tags, certificate_id)) return Mark::kOurs;
  if (HasTag(object.tags, kSyncTag, ownership.sync_id())) return Mark::kOurOther;
  return ownership.IsOthers(object.id, object.tags) ? Mark::kForeign : Mark::kAdopted;
}

bool MayOverwrite(OwnershipRule rule, const Evidence& evidence) {
  switch (rule) {
    case OwnershipRule::kMarkOrContent:
      return evidence.match != Match::kDifferent || IsThisSyncs(evidence);
    case OwnershipRule::kMarksOrState:
      if (evidence.is_in_state && evidence.mark != Mark::kForeign) return true;
      // A deleted object serves nobody: after a destroy, the sync that made it no longer exists.
      return evidence.presence == Presence::kDeleted ? evidence.is_of_certificate : evidence.mark == Mark::kOurs;
    case OwnershipRule::kState:
      return evidence.is_in_state || evidence.mark == Mark::kOurs;
  }
  return false;
}

bool MayRemove(OwnershipRule rule, const Evidence& evidence) {
  const bool is_same = evidence.has_same_leaf || evidence.presence == Presence::kEmpty;
  return is_same && (rule == OwnershipRule::kMarkOrContent ? IsThisSyncs(evidence) : evidence.mark == Mark::kOurs);
}

WriteStep DecideWrite(OwnershipRule rule, const Evidence& evidence) {
  if (!MayOverwrite(rule, evidence)) return WriteStep::kRefuse;
  if (evidence.presence == Presence::kDeleted) return WriteStep::kRestoreAndReplace;
  return evidence.match == Match::kComplete ? WriteStep::kKeep : WriteStep::kReplace;
}

bool MustLook(LostAnswer rule, const base::Error& error) {
  if (rule == LostAnswer::kIgnore) return false;
  return base::http::MayHaveActed(error) || (rule == LostAnswer::kLook && error.kind == base::ErrorKind::kConflict);
}

bool IsResultOf(const ObjectWrite& write, const StoredObject& found, Match match, const StoreTraits& traits) {
  return match != Match::kDifferent && (!traits.writes_tags_with_content || MissingTags(found.tags, write.tags).empty());
}

Tags MissingTags(const Tags& present, const Tags& wanted) {
  Tags missing;
  for (const auto& [key, value] : wanted) {
    if (!HasTag(present, key, value)) missing.emplace(key, value);
  }
  return missing;
}

bool HasTag(const Tags& tags, std::string_view key, std::string_view value) {
  const auto found = tags.find(key);
  return found != tags.end() && found->second == value;
}

}  // namespace engine::sync
