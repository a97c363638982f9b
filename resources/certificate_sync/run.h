// SPDX-License-Identifier: MPL-2.0
// SyncRun: one pass over the destination of one sync: look, push, remove. What goes wrong becomes diagnostics at the attributes
// of certwright_certificate_sync.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/call.h"
#include "engine/sync/destination.h"
#include "engine/sync/reconcile.h"
#include "resources/certificate_sync/private_state.h"
#include "resources/context.h"
#include "schema/diagnostics.h"
#include "schema/schema.h"

namespace resources::certificate_sync {

struct SyncOutcome {
  schema::cty::Value synced;  // the attribute: one element for each key of `certificates`, wholly known
  DeployedByKey deployed;     // what this sync has at the destination now, also after a failure
};

// What becomes of an object that could not be removed.
enum class IfNotRemoved {
  kKept,   // the state keeps it, so that the next apply tries again: an error
  kInUse,  // likewise, but soon and as a warning: what still uses it changes to its successor only when this apply went well
  kLost,   // the state knows nothing of it any more, and it stays there: a warning that names it
};

// `why`: empty when that is told elsewhere.
void WarnOfLeftOver(const std::string& external_id, const std::string& why, schema::Diagnostics& diagnostics);

class SyncRun {
 public:
  using Observed = base::Result<std::optional<engine::sync::Deployed>>;

  // All borrowed; they outlive the run.
  SyncRun(const base::Call& call, const Context& context, const schema::Schema& schema, schema::Diagnostics& diagnostics)
      : call_(call), context_(context), schema_(schema), diagnostics_(diagnostics) {}

  // Sets up the destination that `values` (a state or a plan) names. `secrets`, which are in neither, are needed to push. False
  // after an error. Makes no request.
  bool Open(const schema::cty::Value& values, std::string_view sync_id, engine::sync::Secrets secrets = {});

  // Fills in what is there for each external id that an import named. False after an error.
  bool Adopt(const schema::cty::Value& planned, DeployedByKey& imported);

  // `synced` as the destination is now: elements that are missing or drifted say so. Refused credentials are a warning that
  // leaves everything as it is, or a rotation of them could never be planned.
  schema::cty::Value Refresh(const schema::cty::Value& synced, const DeployedByKey& deployed);

  // Pushes every planned certificate that differs, then removes what left the map; nothing is removed while a push failed.
  // Elements that the plan knows already are left alone. A key of `before` that is wanted no more but could not be removed stays
  // in `deployed`. `settings_changed`: of the destination; then what is there is written anew.
  SyncOutcome PushAll(const schema::cty::Value& planned, const DeployedByKey& before, bool settings_changed);
  // The same without any removal; `deployed` holds the planned keys only.
  SyncOutcome PushOnly(const schema::cty::Value& planned, const DeployedByKey& before, bool settings_changed);

  // Ends a run that pushed (Destination::Finish). A failure is a diagnostic with `advice`, and is remembered in `outcome`: the
  // next plan sees work to do.
  void Finish(SyncOutcome& outcome, std::string_view advice);

  // Removes all of it; what could not be removed comes back and has a diagnostic.
  DeployedByKey RemoveAll(const DeployedByKey& deployed, IfNotRemoved if_not);

 private:
  struct Push;  // one push under way, see push.cc

  void OpenCertificates(const schema::cty::Value& planned, Push& push);
  void Look(const schema::cty::Value& planned, const DeployedByKey& before, Push& push);
  bool AddRoot(engine::sync::Bundle& bundle, const std::string& key, Push& push);
  void PutAll(const std::vector<engine::sync::Decision>& decisions, Push& push);
  void Keep(const engine::sync::Decision& decision, const schema::cty::Value& planned, Push& push);
  void TakeAway(const std::vector<engine::sync::Decision>& decisions, Push& push);
  SyncOutcome PushWith(const schema::cty::Value& planned, const DeployedByKey& before, Push& push);
  // Each entry looked at, several at once. After a failure the rest is not asked any more and fails likewise.
  std::vector<Observed> Observe(const std::vector<const engine::sync::Deployed*>& known);
  void TellUnseen(const base::Error& error);
  // One flag each: whether it is gone. A failure has a diagnostic.
  std::vector<bool> Remove(const std::vector<engine::sync::Deployed>& all, IfNotRemoved if_not);

  const base::Call& call_;
  const Context& context_;
  const schema::Schema& schema_;
  schema::Diagnostics& diagnostics_;
  const engine::sync::DestinationSpec* spec_ = nullptr;  // set by Open
  std::unique_ptr<engine::sync::Destination> destination_;
};

}  // namespace resources::certificate_sync
