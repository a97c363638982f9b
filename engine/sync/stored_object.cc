// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/stored_object.h"

#include "base/http/api_error.h"

namespace engine::sync {
namespace {

bool IsThisSyncs(Mark mark) { return mark == Mark::kOurs || mark == Mark::kOurOther || mark == Mark::kAdopted; }

}  // namespace

bool MayOverwrite(UnmarkedRule rule, const Evidence& evidence) {
  // A deleted object serves nobody: after a destroy, the sync that made it no longer exists.
  if (evidence.presence == Presence::kDeleted && evidence.is_of_certificate) return true;
  if (evidence.mark != Mark::kNone) return MayRemark(evidence.mark, evidence.is_in_state);
  const bool has_match = evidence.match != Match::kDifferent;
  switch (rule) {
    case UnmarkedRule::kUnchangedOrSame:
      return evidence.is_unchanged || has_match;
    case UnmarkedRule::kReceipt:
      return evidence.is_in_state || has_match;
    case UnmarkedRule::kInState:
      break;
  }
  return evidence.is_in_state;
}

bool MayRemove(UnmarkedRule rule, const Evidence& evidence) {
  if (!evidence.has_same_leaf && evidence.presence != Presence::kEmpty) return false;
  if (rule == UnmarkedRule::kInState) return evidence.mark == Mark::kOurs;
  return evidence.mark == Mark::kNone ? evidence.is_unchanged : IsThisSyncs(evidence.mark);
}

WriteStep DecideWrite(UnmarkedRule rule, const Evidence& evidence) {
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
