// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/neighbors.h"

#include <chrono>

#include "resources/certificate_sync/create_entry.h"
#include "resources/shared_notes.h"

namespace resources::certificate_sync {
namespace {

using engine::sync::Kinship;

constexpr std::string_view kSyncs = "syncs";
constexpr std::string_view kKept = "kept";
constexpr std::chrono::hours kLifeOfPlan{1};
constexpr std::chrono::seconds kShownWithin{3};
constexpr std::chrono::milliseconds kPause{100};

Kinship KnownKinship(const Context& context, const std::string& sync_id) {
  if (context.notes->Contains(kSyncs, sync_id)) return IsKept(context, sync_id) ? Kinship::kRival : Kinship::kSameState;
  return KinshipOfCreate(context, sync_id);
}

}  // namespace

void NoteInState(const Context& context, const std::string& sync_id) { context.notes->Add(kSyncs, sync_id); }

void NoteKept(const Context& context, const std::string& sync_id) { context.notes->Add(kKept, sync_id); }

void NoteLeaving(const Context& context, const std::string& sync_id) { context.notes->Remove(kKept, sync_id); }

bool IsKept(const Context& context, const std::string& sync_id) {
  return context.notes->ContainsRecent(kKept, sync_id, kLifeOfPlan);
}

Kinship FindKinshipOf(const base::Call& call, const Context& context, std::string_view sync_id) {
  const std::string id(sync_id);
  const base::Call limited = call.Within(kShownWithin);
  for (;;) {
    const Kinship kinship = KnownKinship(context, id);
    if (kinship != Kinship::kStranger || !limited.Wait(kPause)) return kinship;
  }
}

}  // namespace resources::certificate_sync
