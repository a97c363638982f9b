// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/run.h"

#include <algorithm>
#include <atomic>

#include "base/parallel.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/connections/plain_http.h"
#include "engine/sync/destination.h"
#include "resources/certificate_sync/claims.h"
#include "resources/certificate_sync/neighbors.h"
#include "resources/certificate_sync/place.h"
#include "resources/certificate_sync/validate.h"
#include "resources/extension_block.h"
#include "resources/newest_connections.h"
#include "resources/sealed/payload.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;
using engine::sync::Deployed;
using schema::cty::Value;
using sealed::OpenConnection;

constexpr std::chrono::minutes kCleanupLimit{1};
constexpr std::size_t kMaxMessage = 1024;

// The element with what was seen at the destination. One that failed to be pushed stays failed.
SyncedModel Refreshed(SyncedModel element, const Deployed& known, const std::optional<Deployed>& seen, base::TimePoint now) {
  const auto with = [&](SyncStatus status, const std::string& message) {
    element.status = status;
    element.message.SetNull();
    if (!message.empty()) element.message = message;
    element.fingerprint_sha256.SetNull();
    if (seen && !seen->fingerprint_sha256.empty()) element.fingerprint_sha256 = seen->fingerprint_sha256;
    return element;
  };
  // Whatever else is wrong with it: it is not pushed again.
  const auto not_after = base::ParseRfc3339(element.not_after.OrEmpty());
  if (not_after && *not_after <= now) return with(SyncStatus::kExpired, "it has expired");
  if (!seen) return with(SyncStatus::kMissing, "it is gone from the destination");
  if (seen->fingerprint_sha256 != known.fingerprint_sha256) {
    return with(SyncStatus::kDrifted, "another certificate is in its place");
  }
  if (const std::string drift = engine::sync::DescribeDrift(known.parts, seen->parts); !drift.empty()) {
    return with(SyncStatus::kDrifted, base::Printable(drift, kMaxMessage));
  }
  return element.status.Get() == SyncStatus::kFailed ? element : with(SyncStatus::kSynced, "");
}

bool IsRefusal(const base::Error& error) {
  return error.kind == base::ErrorKind::kDenied || error.kind == base::ErrorKind::kUntrusted;
}

std::string_view AdviceAfter(const base::Error& error) {
  if (error.kind != base::ErrorKind::kDenied) return "The next destroy tries again.";
  return "The credentials in the state are refused, and this run has no newer ones of this connection. Store valid ones in an apply of "
         "their own, then repeat this one while they are valid. Credentials that the connection reads when it needs them, such as "
         "`token_file`, do not expire in the state.";
}

}  // namespace

void WarnOfLeftOver(const std::string& external_id, const std::string& why, schema::Diagnostics& diagnostics) {
  diagnostics.Warning(Cat("Left at the destination: ", external_id),
                      Cat(why, why.empty() ? "" : "\n", "It is no longer in the state and is not managed. Remove it by hand."),
                      At(&SyncModel::destination));
}

bool SyncRun::Open(const SyncModel& values, std::string_view sync_id, const base::SecretMap& secrets) {
  values_ = values;
  sync_id_ = sync_id;
  secrets_ = secrets;
  spec_ = ChosenDestination(values.destination.value());
  if (spec_ == nullptr) {
    diagnostics_.Error("No destination", "Set exactly one block of `destination`.", At(&SyncModel::destination));
    return false;
  }
  return Make();
}

bool SyncRun::Make() {
  std::optional<engine::connections::Connection> connection;
  if (const auto handle = values_.app_connection.Get()) {
    auto opened = OpenConnection(context_.sealer, handle->Reveal());
    if (!opened) {
      diagnostics_.Error("The connection cannot be used", opened.error(), "", At(&SyncModel::app_connection));
      return false;
    }
    connection = *std::move(opened);
  }
  connection_id_ = connection ? connection->id : std::string();
  place_ = PlaceDigest(values_, connection_id_);
  base::Settings settings = ReadBlock(spec_->fields, values_.destination.value().Get(spec_->kind)).settings;
  for (const auto& [field, secret] : secrets_) settings.Set(field, secret);
  auto made =
      MakeDestination(*spec_, {.settings = std::move(settings),
                               .connection = connection ? &*connection : nullptr,
                               .deps = connection ? DepsOf(*connection, context_.deps()) : context_.deps(),
                               .sync_id = sync_id_,
                               .resumes_create = resumes_create_,
                               .find_kinship = [this](std::string_view other) { return FindKinshipOf(call_, context_, other); }});
  if (!made) {
    diagnostics_.Error("The destination cannot be used", made.error(), "", AtDestination(spec_->kind));
    return false;
  }
  destination_ = *std::move(made);
  return true;
}

bool SyncRun::Renew(const base::Error& refusal) {
  if (refusal.kind != base::ErrorKind::kDenied || connection_id_.empty()) return false;
  auto newer = FindNewerConnection(context_, connection_id_, values_.app_connection.OrEmpty());
  if (!newer) return false;
  values_.app_connection = *std::move(newer);
  return Make();
}

bool SyncRun::Adopt(const SyncModel& planned, DeployedByKey& imported) {
  const HandleByKey certificates = planned.certificates.OrEmpty();
  const auto adoption = planned.adopt.OrEmpty() ? engine::sync::Adoption::kAny : engine::sync::Adoption::kMarked;
  for (auto& [key, one] : imported) {
    if (!certificates.contains(key)) {
      diagnostics_.Error(Cat("No certificate for what was imported: ", key),
                         Cat("The import named ", one.external_id, " for the key \"", key,
                             "\", which `certificates` does not contain. Add it there, or import without it."),
                         At(&SyncModel::certificates));
      return false;
    }
    auto there = destination_->Adopt(call_, one.external_id, adoption);
    if (!there) {
      diagnostics_.Error(Cat("The object cannot be adopted: ", one.external_id), there.error(),
                         there.error().kind == base::ErrorKind::kConflict ? "If it is yours, set `adopt = true`." : "",
                         At(&SyncModel::certificates).Key(key));
      return false;
    }
    one = *std::move(there);
  }
  return true;
}

std::vector<SyncRun::Observed> SyncRun::Observe(const std::vector<const Deployed*>& known) {
  std::vector<Observed> seen(known.size(), Observed(std::nullopt));
  std::atomic<bool> failed = false;
  base::ForEachInParallel(known.size(), spec_->max_concurrency, [&](std::size_t i) {
    seen[i] = failed ? base::Error{base::ErrorKind::kCancelled, "another certificate could not be looked at"}
                     : destination_->Observe(call_, *known[i]);
    if (!seen[i]) failed = true;
  });
  return seen;
}

const base::Error* SyncRun::FirstError(const std::vector<Observed>& seen) {
  const base::Error* error = nullptr;
  for (const auto& one : seen) {
    if (!one && (error == nullptr || error->kind == base::ErrorKind::kCancelled)) error = &one.error();
  }
  return error;
}

SyncedByKey SyncRun::Refresh(SyncedByKey synced, SyncMemory& memory) {
  std::vector<std::string> keys;
  std::vector<const Deployed*> known;
  for (const auto& [key, one] : memory.deployed) {
    if (!synced.contains(key)) continue;
    keys.push_back(key);
    known.push_back(&one);
  }
  auto seen = Observe(known);
  const base::Error* error = FirstError(seen);
  if (error != nullptr && Renew(*error)) {
    seen = Observe(known);
    error = FirstError(seen);
  }
  memory.look_refused = error != nullptr && IsRefusal(*error);
  if (error != nullptr) {
    ReportObserveFailure(*error, schema::Severity::kWarning);
    return synced;
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    auto& element = synced.at(keys[i]);
    element = Refreshed(element.OrEmpty(), *known[i], *seen[i], call_.Now());
  }
  return synced;
}

bool SyncRun::Finish(SyncOutcome& outcome, const Before& before, std::string_view advice) {
  const auto finished = destination_->Finish(call_);
  if (finished) return true;
  const bool is_back = TakeBack(outcome, before);
  for (auto& [key, one] : outcome.deployed) one.unfinished = true;
  diagnostics_.Error(Cat("Not finished at the destination: ", spec_->kind), finished.error(),
                     is_back ? "The next apply tries again." : std::string(advice), AtDestination(spec_->kind));
  for (auto& [key, element] : outcome.synced) {
    SyncedModel synced = element.OrEmpty();
    if (synced.status.Get() == SyncStatus::kFailed) continue;  // it has a reason of its own
    synced.status = SyncStatus::kFailed;
    synced.message = base::Printable(finished.error().message, kMaxMessage);
    element = synced;
  }
  return !is_back;
}

bool SyncRun::TakeBack(SyncOutcome& outcome, const Before& before) {
  bool is_back = false;
  for (const auto& [key, now] : DeployedByKey(outcome.deployed)) {
    if (IsThere(now).value_or(true)) continue;
    is_back = true;
    outcome.deployed.erase(key);
    if (outcome.synced.contains(key)) outcome.synced[key] = SyncedModel();
  }
  for (const auto& [key, former] : before.deployed) {
    if (outcome.deployed.contains(key) || !IsThere(former).value_or(false)) continue;
    is_back = true;
    outcome.deployed.emplace(key, former);
    const auto element = before.synced.find(key);
    if (outcome.synced.contains(key) && element != before.synced.end()) {
      SyncedModel synced = element->second.OrEmpty();
      synced.status = SyncStatus::kSynced;
      outcome.synced[key] = synced;
    }
  }
  return is_back;
}

std::optional<bool> SyncRun::IsThere(const Deployed& known) {
  const auto seen = destination_->Observe(call_.Check() ? call_ : call_.ForCleanup(kCleanupLimit), known);
  if (!seen) return std::nullopt;
  return *seen && (*seen)->fingerprint_sha256 == known.fingerprint_sha256;
}

void SyncRun::ReportObserveFailure(const base::Error& error, schema::Severity refused) {
  const std::string summary = Cat("The destination cannot be looked at: ", spec_->kind);
  if (IsRefusal(error) && refused == schema::Severity::kWarning) {
    diagnostics_.Warning(summary, Cat(schema::Describe(error), "\nThe state was left as it is."), AtDestination(spec_->kind));
  } else {
    diagnostics_.Error(summary, error, "", AtDestination(spec_->kind));
  }
}

base::Result<SharedNotes::Turn> SyncRun::AcquireTurn(const base::Call& call, std::string_view name) {
  return context_.notes->AcquireTurn(call, Cat(place_, '/', name));
}

base::Result<void> SyncRun::Put(std::string_view name, const engine::sync::Bundle& bundle,
                                const std::optional<Deployed>& previous, std::optional<Deployed>& now) {
  now = previous;
  const auto turn = AcquireTurn(call_, name);
  if (!turn) return turn.error();
  auto put = destination_->Put(call_, name, bundle, previous, now);
  NotePush(context_, {place_, bundle.certificate_id, is_create_ ? std::string() : sync_id_},
           put ? PushResult::kPushed : PushResult::kFailed);
  return put;
}

base::Result<void> SyncRun::RemoveOne(const base::Call& call, const Deployed& deployed, Successors successors) {
  if (successors == Successors::kAwaited) {
    auto awaited = AwaitSuccessor(call, context_, {place_, deployed.certificate_id, sync_id_});
    if (!awaited) return awaited;
  }
  const auto turn = AcquireTurn(call, deployed.name);
  if (!turn) return turn.error();
  return destination_->Remove(call, deployed);
}

DeployedByKey SyncRun::RemoveAll(const DeployedByKey& deployed, IfNotRemoved if_not, Successors successors) {
  std::vector<Deployed> all;
  for (const auto& [key, one] : deployed) all.push_back(one);
  const std::vector<bool> removed = Remove(all, if_not, successors);
  DeployedByKey left;
  std::size_t i = 0;
  for (const auto& one : deployed) {
    if (!removed[i++]) left.insert(one);
  }
  return left;
}

std::vector<bool> SyncRun::Remove(const std::vector<Deployed>& all, IfNotRemoved if_not, Successors successors) {
  // Removals proceed even if the run was interrupted meanwhile; otherwise they may take as long as `timeouts` allows.
  base::Call call = call_.Check() ? call_ : call_.ForCleanup(kCleanupLimit);
  if (if_not == IfNotRemoved::kInUse) call = call.Within(kCleanupLimit);
  std::vector<base::Result<void>> outcomes(all.size());
  base::ForEachInParallel(all.size(), spec_->max_concurrency,
                          [&](std::size_t i) { outcomes[i] = RemoveOne(call, all[i], successors); });
  const auto refused = std::find_if(outcomes.begin(), outcomes.end(),
                                    [](const auto& one) { return !one && one.error().kind == base::ErrorKind::kDenied; });
  if (refused != outcomes.end() && Renew(refused->error())) {
    base::ForEachInParallel(all.size(), spec_->max_concurrency, [&](std::size_t i) {
      if (!outcomes[i]) outcomes[i] = RemoveOne(call, all[i], successors);
    });
  }
  std::vector<bool> removed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    removed.push_back(outcomes[i].ok());
    if (outcomes[i]) {
      call.log.Info("certificate removed",
                    {{base::key::kDestination, std::string(spec_->kind)}, {base::key::kName, all[i].name}});
    } else if (if_not == IfNotRemoved::kInUse) {
      diagnostics_.Warning(
          Cat("Not removed from the destination yet: ", all[i].external_id),
          Cat(schema::Describe(outcomes[i].error()), "\nIt is listed in `pending_removals`, and the next apply tries again."),
          AtDestination(spec_->kind));
    } else if (if_not == IfNotRemoved::kLost) {
      WarnOfLeftOver(all[i].external_id, schema::Describe(outcomes[i].error()), diagnostics_);
    } else {
      diagnostics_.Error(Cat("Not removed from the destination: ", all[i].external_id), outcomes[i].error(),
                         std::string(AdviceAfter(outcomes[i].error())), AtDestination(spec_->kind));
    }
  }
  return removed;
}

}  // namespace resources::certificate_sync
