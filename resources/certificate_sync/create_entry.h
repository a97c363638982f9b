// SPDX-License-Identifier: MPL-2.0
// The ID of a sync that is being created. It is in the marks of what is pushed, so it is in the journal before the first push: if
// the run is killed before Terraform saved the state, the next one goes on under the same ID and finds what is its own.
#pragma once

#include <string>
#include <string_view>

#include "base/call.h"
#include "engine/sync/destination.h"
#include "resources/certificate_sync/model.h"
#include "resources/context.h"
#include "resources/sealed/journal.h"

namespace resources::certificate_sync {

class CreateEntry {
 public:
  // Resumes the create that an earlier run left for this place and one of these certificates, or begins one; it is on disk when
  // this returns. Waits for one that is ending after its Terraform was killed. `planned`: wholly known, but for its outputs.
  static CreateEntry Open(const base::Call& call, const Context& context, const SyncModel& planned);

  const std::string& sync_id() const { return file_.name().id; }
  bool is_resumed() const { return is_resumed_; }
  // Nothing is left at the destination.
  void Remove() { file_.Remove(); }

 private:
  CreateEntry(sealed::JournalEntry file, bool is_resumed) : file_(std::move(file)), is_resumed_(is_resumed) {}

  sealed::JournalEntry file_;
  bool is_resumed_;
};

// `sync_id`: of a state that Terraform saved. Drops the journal's entry. Never fails.
void ForgetSavedSync(const Context& context, const std::string& sync_id);

// kUnsaved: a create of this ID was left by a run that ended. kCreating: one is under way. Else kStranger.
engine::sync::Kinship KinshipOfCreate(const Context& context, std::string_view sync_id);

}  // namespace resources::certificate_sync
