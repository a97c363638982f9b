// SPDX-License-Identifier: MPL-2.0
// Certificates that a vendor stores as named objects (secrets, imported certificates): whose an object is and what a push does
// with it. Everything here is pure; stored_object_destination.h carries it out.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "engine/sync/bundle.h"
#include "engine/sync/destination.h"
#include "engine/sync/ownership.h"

namespace engine::sync {

enum class Presence {
  kPresent,
  kEmpty,    // its content was deleted; it may be written again as it is, and removing it removes what is left
  kDeleted,  // it occupies its name until it is restored or its retention period ends
};

// An object as the vendor describes it.
struct StoredObject {
  std::string id{};       // Deployed::external_id
  std::string version{};  // Deployed::version
  Presence presence = Presence::kPresent;
  Tags tags{};                // the marks of ownership under kSyncTag and kCertificateTag, whatever the vendor calls them
  std::string leaf_sha256{};  // empty: it holds no certificate, or the answer did not contain it (ObjectStore::Load)
  base::Json details{};       // for the vendor's own code: the driver does not look at it
};

// A certificate on its way into an object.
struct ObjectWrite {
  std::string name{};                  // from the name schema
  std::string address{};               // by which the store finds the object
  const Bundle* bundle = nullptr;      // borrowed for the call, as is `previous`
  const Deployed* previous = nullptr;  // what the state says; null: nothing
  Tags tags{};                         // that the object must have afterwards; others stay
  base::Json content{};                // of ObjectStore::Render; may contain the private key
};

// How much of a write an object contains already.
enum class Match {
  kDifferent,
  kSameContent,  // the certificate and its key, but not everything that a write sets
  kComplete,     // at most its tags are missing
};

// What makes an object without any mark this sync's when it is written over.
enum class UnmarkedRule {
  // That it is unchanged since the state was saved, or has exactly the content to be written: a run was killed between content
  // and
  // mark.
  kUnchangedOrSame,
  // That the state names it.
  kInState,
  // No object has marks: that the state names it, or that a run which was killed wrote this very content. Only what is unchanged
  // is
  // removed.
  kReceipt,
};

// What to do when a write failed but may have been carried out.
enum class LostAnswer {
  kIgnore,         // the request is idempotent: the next run sends it again
  kLook,           // look for what it wrote; also after a conflict, which a repeated request has with the first one
  kLookAndRepeat,  // look, and send it once more if it is not there: each request adds a version
};

// What differs between stores that are otherwise handled the same way.
struct StoreTraits {
  UnmarkedRule unmarked = UnmarkedRule::kUnchangedOrSame;
  LostAnswer after_create = LostAnswer::kLook;
  LostAnswer after_replace = LostAnswer::kLook;
  bool writes_tags_with_content = true;
  std::string_view tags_part{};         // of Deployed::parts: what the tags are called; empty: they are not compared
  std::string_view certificate_mark{};  // as the user finds it: "the tag certwright:certificate-id"
};

// What is known about an object that is in the place of a write, or about to be removed.
struct Evidence {
  Mark mark = Mark::kNone;
  Presence presence = Presence::kPresent;
  bool is_in_state = false;        // the state names this object
  bool is_unchanged = false;       // and it is as the state says
  bool is_of_certificate = false;  // its mark names the same certificate, whichever sync made it
  bool has_same_leaf = false;      // for MayRemove
  Match match = Match::kDifferent;
};

// Identical content never overrides another owner's mark.
bool MayOverwrite(UnmarkedRule rule, const Evidence& evidence);
// Only what this sync wrote last: an object with another certificate stays, whatever its marks say.
bool MayRemove(UnmarkedRule rule, const Evidence& evidence);

enum class WriteStep {
  kRefuse,  // it is someone else's
  kKeep,    // nothing of its content has to be written
  kReplace,
  kRestoreAndReplace,
};
WriteStep DecideWrite(UnmarkedRule rule, const Evidence& evidence);

// True if the write that failed with `error` may have been carried out, so that its object must be looked for.
bool MustLook(LostAnswer rule, const base::Error& error);
// True when `found` is what the write made: with its tags if it sets them.
bool IsResultOf(const ObjectWrite& write, const StoredObject& found, Match match, const StoreTraits& traits);

// The tags of `wanted` that `present` lacks or has with another value.
Tags MissingTags(const Tags& present, const Tags& wanted);
bool HasTag(const Tags& tags, std::string_view key, std::string_view value);

}  // namespace engine::sync
