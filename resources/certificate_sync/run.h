// SPDX-License-Identifier: MPL-2.0
// SyncRun: one pass over the destination of one sync. What goes wrong becomes diagnostics at the attributes of
// certwright_certificate_sync.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/call.h"
#include "engine/sync/destination.h"
#include "resources/certificate_sync/model.h"
#include "resources/certificate_sync/private_state.h"
#include "resources/context.h"
#include "resources/shared_notes.h"
#include "schema/diagnostics.h"

namespace resources::certificate_sync {

// What was at the destination before a run.
struct Before {
  DeployedByKey deployed{};
  SyncedByKey synced{};  // of the prior state
};

struct SyncOutcome {
  SyncedByKey synced;      // one element for each key of `certificates`, wholly known
  DeployedByKey deployed;  // what this sync has at the destination now, also after a failure
};

// What becomes of an object that could not be removed.
enum class IfNotRemoved {
  kKept,   // the state keeps it, so that the next destroy tries again: an error
  kInUse,  // likewise the next apply, but a warning and not for long: its user moves on only if this apply succeeds
  kLost,   // the state forgets it, and it stays there: a warning that names it
};

// Whether a removal waits for another sync that is to take over the certificate.
enum class Successors { kAwaited, kIgnored };

// `why`: empty if another diagnostic says it.
void WarnOfLeftOver(const std::string& external_id, const std::string& why, schema::Diagnostics& diagnostics);

class SyncRun {
 public:
  using Observed = base::Result<std::optional<engine::sync::Deployed>>;

  // All borrowed; they outlive the run.
  SyncRun(const base::Call& call, const Context& context, schema::Diagnostics& diagnostics)
      : call_(call), context_(context), diagnostics_(diagnostics) {}

  // Sets up the destination that `values` (a state or a plan) names. `secrets`, which are in neither, are needed to push. False
  // after an error. Makes no request. Everything below needs it to have succeeded.
  bool Open(const SyncModel& values, std::string_view sync_id, const base::SecretMap& secrets = {});

  // Before Open. `is_resumed`: see engine::sync::Setup.
  void BeginCreate(bool is_resumed) {
    is_create_ = true;
    resumes_create_ = is_resumed;
  }

  const base::Call& call() const { return call_; }
  const Context& context() const { return context_; }
  schema::Diagnostics& diagnostics() { return diagnostics_; }
  const engine::sync::DestinationSpec& spec() const { return *spec_; }
  engine::sync::Destination& destination() { return *destination_; }

  // Fills in what is there for each external ID that an import named. False after an error.
  bool Adopt(const SyncModel& planned, DeployedByKey& imported);

  // `memory.deployed` as the destination is now: elements of `synced` that are missing or drifted say so. Refused credentials are
  // a warning that leaves everything as it is, or a rotation of them could never be planned; `memory` says whether they were.
  SyncedByKey Refresh(SyncedByKey synced, SyncMemory& memory);

  // Looks at each entry, several at once. After a failure the rest is not looked at and fails likewise.
  std::vector<Observed> Observe(const std::vector<const engine::sync::Deployed*>& known);

  // What went wrong first; those that were not asked any more count only if nothing else failed. Null if nothing did.
  static const base::Error* FirstError(const std::vector<Observed>& seen);
  // `refused`: how grave refused credentials are.
  void ReportObserveFailure(const base::Error& error, schema::Severity refused);

  // Ends a run that pushed (Destination::Finish). A failure is a diagnostic with `advice`, and is recorded in `outcome`: the next
  // plan sees work to do. `before`: what was there before the run; a destination may have put some of it back, which `outcome`
  // then has. False if so.
  bool Finish(SyncOutcome& outcome, const Before& before, std::string_view advice);

  // Writes one certificate (Destination::Put) while nobody else changes an object of that name there. Called by several threads.
  base::Result<void> Put(std::string_view name, const engine::sync::Bundle& bundle,
                         const std::optional<engine::sync::Deployed>& previous, std::optional<engine::sync::Deployed>& now);
  // One flag each: whether it is gone. A failure has a diagnostic.
  std::vector<bool> Remove(const std::vector<engine::sync::Deployed>& all, IfNotRemoved if_not, Successors successors);
  // Removes all of it; what could not be removed is returned and has a diagnostic.
  DeployedByKey RemoveAll(const DeployedByKey& deployed, IfNotRemoved if_not, Successors successors = Successors::kIgnored);

 private:
  bool Make();
  // After a refusal: sets up the destination with newer credentials of the same connection. False if none are known.
  bool Renew(const base::Error& refusal);
  // Whether anything in `outcome` is as it was before the run, and no longer as the run left it.
  bool TakeBack(SyncOutcome& outcome, const Before& before);
  // Whether the object is there as `known` says; empty when that cannot be told.
  std::optional<bool> IsThere(const engine::sync::Deployed& known);
  base::Result<SharedNotes::Turn> AcquireTurn(const base::Call& call, std::string_view name);
  base::Result<void> RemoveOne(const base::Call& call, const engine::sync::Deployed& deployed, Successors successors);

  const base::Call& call_;
  const Context& context_;
  schema::Diagnostics& diagnostics_;
  const engine::sync::DestinationSpec* spec_ = nullptr;  // set by Open, as all below
  SyncModel values_;
  base::SecretMap secrets_;
  std::string connection_id_;
  std::string sync_id_;
  bool is_create_ = false;
  bool resumes_create_ = false;
  std::string place_;  // of PlaceDigest
  std::unique_ptr<engine::sync::Destination> destination_;
};

}  // namespace resources::certificate_sync
