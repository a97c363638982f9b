// SPDX-License-Identifier: MPL-2.0
// The mark of ownership that a sync puts as tags on what it makes, where the destination has them, beside the tags of the user.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sync/destination.h"

namespace engine::sync {

using Tags = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kSyncTag = "certwright:sync-id";
constexpr std::string_view kCertificateTag = "certwright:certificate-id";

// What a vendor's objects call the marks, where these are no names that it allows.
struct MarkNames {
  std::string_view sync_id = kSyncTag;
  std::string_view certificate_id = kCertificateTag;
};
// The marks among an object's labels, under kSyncTag and kCertificateTag.
Tags MarksIn(const Tags& labels, const MarkNames& names = {});
// `labels` with the marks of `tags`.
Tags WithMarks(Tags labels, const Tags& tags, const MarkNames& names = {});

// Whose the marks say an object is.
enum class Mark {
  kNone,
  kOurs,
  kOurOther,   // this sync's, for another certificate
  kAdopted,    // another sync's, which an import took over
  kSameState,  // another sync's, as the next four: see Kinship
  kRival,
  kUnsaved,
  kCreating,
  kForeign,
};

// Safe from many threads.
class Ownership {
 public:
  // The user's tags are the setting "tags".
  explicit Ownership(const Setup& setup);

  const std::string& sync_id() const { return sync_id_; }
  // All that the object of this certificate has to have.
  Tags TagsFor(std::string_view certificate_id) const;
  // Both marks are there: this sync made it, for this certificate.
  bool Owns(const Tags& tags, std::string_view certificate_id) const;
  // For a write over it. Blocks as FindKinship, for the marks of others.
  Mark ReadMark(std::string_view external_id, const Tags& tags, std::string_view certificate_id) const;
  // For what needs no more than what is this sync's: the mark of any other sync is kForeign.
  Mark ReadOwnMark(std::string_view external_id, const Tags& tags, std::string_view certificate_id) const;

  // Takes over an object with these tags: from now on it is not another sync's, and the next Put may give it our marks. The id of
  // its certificate; empty when it has none. Errors: kConflict when it has no mark and `adoption` wants one.
  base::Result<std::string> Adopt(std::string_view external_id, const Tags& tags, Adoption adoption);

 private:
  std::string sync_id_;
  Tags user_tags_;
  FindKinship find_kinship_;
  mutable std::mutex mutex_;
  std::set<std::string, std::less<>> adopted_;  // external ids; guarded by mutex_
};

// True if a write may put this sync's mark in the place of the one that is there. `is_in_state`: the state says that the object
// is this sync's. kNone is not for this to decide.
bool MayRemark(Mark mark, bool is_in_state);
// The end of a conflict's message: whose the object is, as its mark says, and what to do.
std::string OwnerText(Mark mark, std::string_view owner_id);

// A problem at "tags" when one of them is not the user's to set: our own, one of `reserved`, or one that begins with one of those
// that end with a colon.
std::vector<connections::FieldProblem> CheckTags(const Settings& settings, std::span<const std::string_view> reserved);

}  // namespace engine::sync
