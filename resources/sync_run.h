// SPDX-License-Identifier: MPL-2.0
// SyncRun: one pass over the destination of one sync: look, push, remove. What goes wrong becomes diagnostics at the attributes of
// certwright_certificate_sync.
#pragma once

#include <memory>
#include <optional>

#include "base/call.h"
#include "engine/sync/destination.h"
#include "resources/context.h"
#include "resources/sync_memory.h"
#include "schema/diagnostics.h"
#include "schema/schema.h"

namespace resources {

struct SyncOutcome {
  schema::cty::Value synced;  // the attribute: one element for each key of `certificates`, wholly known
  DeployedByKey deployed;     // what this sync has at the destination now, also after a failure
};

class SyncRun {
 public:
  // All borrowed; they outlive the run.
  SyncRun(const base::Call& call, const Context& context, const schema::Schema& schema, schema::Diagnostics& diagnostics)
      : call_(call), context_(context), schema_(schema), diagnostics_(diagnostics) {}

  // Sets up the destination that `values` (a state or a plan) names. False after an error. Makes no request.
  bool Open(const schema::cty::Value& values);

  // `synced` as the destination is now: elements that are missing or drifted say so. Refused credentials are a warning that leaves
  // everything as it is, or a rotation of them could never be planned.
  schema::cty::Value Refresh(const schema::cty::Value& synced, const DeployedByKey& deployed);

  // Pushes every planned certificate that differs, then removes what left the map; nothing is removed while a push failed.
  SyncOutcome PushAll(const schema::cty::Value& planned, const DeployedByKey& before);
  // The same without any removal.
  SyncOutcome PushOnly(const schema::cty::Value& planned, const DeployedByKey& before);

  // Removes all of it; what could not be removed comes back and has a diagnostic.
  DeployedByKey RemoveAll(const DeployedByKey& deployed);

 private:
  struct Certificate;  // one wanted certificate with its key, name and bundle

  std::optional<Certificate> OpenCertificateAt(const std::string& key, const schema::cty::Value& handle, const std::string& name_schema);
  SyncOutcome Push(const schema::cty::Value& planned, const DeployedByKey& before, bool remove);

  const base::Call& call_;
  const Context& context_;
  const schema::Schema& schema_;
  schema::Diagnostics& diagnostics_;
  std::string kind_;
  std::unique_ptr<engine::sync::Destination> destination_;
};

}  // namespace resources
