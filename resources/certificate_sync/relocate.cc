// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/relocate.h"

#include <algorithm>

#include "resources/lost_keys.h"
#include "resources/sealed/payload.h"

namespace resources::certificate_sync {
namespace {

// Those of `all` whose object is not among `others`.
DeployedByKey Without(const DeployedByKey& all, const DeployedByKey& others) {
  DeployedByKey rest;
  for (const auto& one : all) {
    const bool shared = std::any_of(others.begin(), others.end(),
                                    [&](const auto& other) { return other.second.external_id == one.second.external_id; });
    if (!shared) rest.insert(one);
  }
  return rest;
}

// At the same account some objects may turn out to be the very same ("out" and "./out"): they are ours to overwrite.
bool IsSameAccount(const SyncRun& run, const Relocation& move) {
  return IsSameConnection(run.context(), move.prior.app_connection, move.planned.app_connection);
}

}  // namespace

bool IsSameConnection(const Context& context, const schema::Field<base::Secret>& prior,
                      const schema::Field<base::Secret>& planned) {
  if (planned.is_unknown()) return false;
  if (prior == planned) return true;
  if (prior.is_null() || planned.is_null()) return false;
  if (IsAbandoned(context, prior)) return true;  // nothing else is known of it
  const auto before = sealed::OpenConnection(context.sealer, prior.OrEmpty().Reveal());
  const auto after = sealed::OpenConnection(context.sealer, planned.OrEmpty().Reveal());
  return before && after && before->id == after->id;
}

std::optional<SyncOutcome> PushToNewPlace(SyncRun& run, const Relocation& move) {
  const bool same_account = IsSameAccount(run, move);
  const bool settings_changed = move.secrets_differ || !(move.prior.destination == move.planned.destination);
  SyncOutcome outcome = PushCertificates(run, move.planned, same_account ? move.before : Before{},
                                         {.removal = Removal::kNone, .settings_changed = settings_changed});
  if (!run.diagnostics().HasErrors()) return outcome;
  const DeployedByKey pushed = same_account ? Without(outcome.deployed, move.before.deployed) : outcome.deployed;
  (void)run.RemoveAll(WithoutTakenOver(pushed), IfNotRemoved::kLost);
  return std::nullopt;
}

void RemoveFromOldPlace(const base::Call& call, SyncRun& run, const Relocation& move, const SyncOutcome& outcome) {
  const DeployedByKey& before = move.before.deployed;
  DeployedByKey left = IsSameAccount(run, move) ? Without(before, outcome.deployed) : before;
  for (auto& [key, one] : left) one.superseded = true;
  SyncRun old_place(call, run.context(), run.diagnostics());
  SyncModel prior = move.prior;
  if (IsSameAccount(run, move)) prior.app_connection = move.planned.app_connection;  // the newer credentials
  if (old_place.Open(prior, move.prior.id.OrEmpty())) {
    (void)old_place.RemoveAll(left, IfNotRemoved::kLost);
  } else {
    for (const auto& [key, one] : left) WarnOfLeftOver(one.external_id, "", run.diagnostics());
  }
}

DeployedByKey WithoutTakenOver(DeployedByKey deployed) {
  std::erase_if(deployed, [](const auto& one) { return one.second.is_taken_over; });
  return deployed;
}

}  // namespace resources::certificate_sync
