// SPDX-License-Identifier: MPL-2.0
// Destinations: where certificates are used. Each can look at one certificate, put it there, and take it away.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/config_field.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/connection.h"
#include "engine/sync/bundle.h"
#include "engine/sync/name_schema.h"
#include "engine/sync/parts.h"
#include "engine/sync/settings.h"

namespace engine::sync {

using Notes = std::map<std::string, std::string>;

// What exists at the destination for one certificate, as far as this sync put it there.
struct Deployed {
  std::string name{};                // from the name schema
  std::string external_id{};         // the destination's own: ARN, file path, …; stays across renewals where it can
  std::string version{};             // the destination's version; empty where there is none
  std::string fingerprint_sha256{};  // of the leaf; what Put wrote, or what Observe found
  std::string certificate_id{};      // whose it is
  Parts parts{};                     // what was written besides the leaf, where drift in it can be seen
  Notes notes{};                     // the destination's own, by name: what it has to remember and nobody compares
  bool unfinished = false;           // Finish failed after it was written: the next run puts it once more, and finishes
  // It took the place of another sync's object, or of this sync's own under another id: withdrawn, it would leave nothing. Of the
  // Put just now; not kept.
  bool is_taken_over = false;
  // Of the `previous` of a Put: the plan has promised that the external ID stays. A Put that cannot keep it changes nothing, sets
  // `needs_new_id` and fails. Not kept.
  bool keeps_id = false;
  bool needs_new_id = false;   // a Put could not keep the external ID: the next plan announces another one
  bool superseded = false;     // another object took its place: it only waits to be removed
  std::string chain_sha256{};  // Bundle::ChainSha256 of what was pushed; kept by the sync, destinations need not look at it
};

// What an import may take over: what carries Certwright's mark (a tag, a label), or whatever is there (adopt).
enum class Adoption { kMarked, kAny };

class Destination {
 public:
  virtual ~Destination() = default;
  // What is there now under `known.external_id`; empty when it is gone. `known` is what the state says this sync put there.
  // An object that exists but is not ours any more (another certificate, lost tag) comes back with what it holds.
  virtual base::Result<std::optional<Deployed>> Observe(const base::Call& call, const Deployed& known) = 0;
  // Writes `bundle` under `name`, over `previous` when this sync already has it there. A foreign object in its place is kConflict
  // and stays untouched. What now exists is in `now`, also when Put fails half-way.
  virtual base::Result<void> Put(const base::Call& call, std::string_view name, const Bundle& bundle,
                                 const std::optional<Deployed>& previous, std::optional<Deployed>& now) = 0;
  // What is there under an external id that an import named, as Observe tells it of something known; writes nothing. Errors:
  // kNotFound; kConflict when it does not carry the mark and `adoption` wants it; kInvalid where nothing can be taken over.
  virtual base::Result<Deployed> Adopt(const base::Call&, std::string_view, Adoption) {
    return base::Error{base::ErrorKind::kInvalid, "nothing that is at this destination can be taken over"};
  }
  // Removes what this sync put there; already gone is success; not ours any more: left alone, success.
  virtual base::Result<void> Remove(const base::Call& call, const Deployed& deployed) = 0;
  // Ends a run: called once after the last Put and Remove, also when some of them failed. Does what has to follow a change, such
  // as telling a server; nothing when this run changed nothing and no `previous` was unfinished. When it
  // fails, what was put stays, or what was there before is back, as Observe then tells.
  virtual base::Result<void> Finish(const base::Call&) { return {}; }
};

// How the sync that a mark of ownership names is related to the one that finds the mark.
enum class Kinship {
  kStranger,   // nothing here knows it: it is of another state
  kSameState,  // of the same state, and gives up the object, or may: it no longer exists, or lost the certificate
  kRival,      // of the same state, and keeps the object too
  kUnsaved,    // a run in this directory created it and was killed before any state had it
  kCreating,   // a run in this directory is creating it now
};
using FindKinship = std::function<Kinship(std::string_view sync_id)>;

// What a destination is made from.
struct Setup {
  Settings settings{};  // of the spec's fields; secrets are there for Put alone: nothing else may need them
  const connections::Connection* connection = nullptr;  // borrowed for the call
  connections::Deps deps{};
  std::string sync_id{};  // the sync's own, for the mark of ownership on what it makes
  // An earlier run was killed while it created this sync: where there are no marks, what holds the same certificate is its.
  bool resumes_create = false;
  // May block for some seconds, until the sync is known. Not set: every other sync is a stranger.
  FindKinship find_kinship{};
};

// What becomes of an external ID when a certificate is pushed again under the same name.
enum class ExternalIds {
  kChange,                   // it may be another one
  kByName,                   // it follows from the name, also if the object was gone
  kByObject,                 // it stays as long as the object does
  kByObjectAndKeyAlgorithm,  // and as long as the key is of the same algorithm
};

struct DestinationSpec {
  std::string_view kind;  // the block's name: "local_files"
  std::string_view title;
  std::string_view doc;         // Markdown, a paragraph
  std::string_view connection;  // the kind of app connection that it needs; empty: none
  std::span<const base::ConfigField> fields;
  // What names look like unless the user says otherwise; passes check_name.
  std::string_view default_name_schema = kDefaultNameSchema;
  // With these settings, which may lack what is not known yet. Null: kChange.
  ExternalIds (*external_ids)(const Settings&) = nullptr;
  bool has_versions = false;        // whether Deployed::version says anything
  std::size_t max_concurrency = 8;  // how many certificates are looked at or written at once, each call in a thread of its own
  // Narrower than the name schema's own rules: a problem in words, empty when the name is fine. May be null.
  std::string (*check_name)(std::string_view name);
  // Pure: what can be told from the values alone. May be null.
  std::vector<connections::FieldProblem> (*validate)(const Settings&);
  // Called by MakeDestination, which has seen to it that `connection` is of the kind above.
  base::Result<std::unique_ptr<Destination>> (*make)(const Setup&);
};

// Makes no request. Errors: kInvalid: no connection, or one of another kind than the destination needs; settings that cannot be.
base::Result<std::unique_ptr<Destination>> MakeDestination(const DestinationSpec& spec, const Setup& setup);

}  // namespace engine::sync
