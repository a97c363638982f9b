// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/push.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/http/trust_store.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/sync/name_schema.h"
#include "engine/sync/reconcile.h"
#include "engine/sync/root_ca.h"
#include "resources/certificate_sync/validate.h"
#include "resources/sealed/payload.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;
using engine::sync::Action;
using engine::sync::Bundle;
using engine::sync::Decision;
using engine::sync::Deployed;
using engine::sync::DestinationSpec;
using engine::sync::Existing;
using engine::sync::LeftBehind;
using sealed::OpenCertificate;

std::string MakeName(const Bundle& bundle, const SyncModel& planned, const std::string& key) {
  if (const auto exact = ExactNameOf(planned, key).Get()) return *exact;
  const auto& leaf = bundle.chain.front();
  return engine::sync::CompileName(planned.name_schema.OrEmpty(),
                                   {.certificate_id = bundle.certificate_id,
                                    .common_name = leaf.dns_names.empty() ? leaf.subject_common_name : leaf.dns_names.front()});
}

void SetIfAny(schema::Field<std::string>& field, const std::string& text) {
  if (!text.empty()) field = text;
}

SyncedModel SyncedElement(const DestinationSpec& destination, const Deployed& deployed, base::TimePoint not_after,
                          base::TimePoint now) {
  SyncedModel element;
  SetIfAny(element.name, deployed.name);
  SetIfAny(element.external_id, deployed.external_id);
  if (destination.has_versions) SetIfAny(element.version, deployed.version);
  SetIfAny(element.fingerprint_sha256, deployed.fingerprint_sha256);
  element.not_after = base::FormatRfc3339(not_after);
  element.status = SyncStatus::kSynced;
  element.synced_at = base::FormatRfc3339(now);
  return element;
}

// Settled, unlike one with an external ID: nothing of it is at the destination any longer, or it is no longer managed.
SyncedModel ExpiredElement(base::TimePoint not_after) {
  SyncedModel element;
  element.not_after = base::FormatRfc3339(not_after);
  element.status = SyncStatus::kExpired;
  element.message = Cat("it expired on ", base::FormatRfc3339(not_after));
  return element;
}

// `element`: what is known of the object that still serves. The status makes the next plan see work to do.
SyncedModel FailedElement(SyncedModel element, const std::string& message) {
  element.status = SyncStatus::kFailed;
  element.message = base::Printable(message, 1024);
  return element;
}

class Push {
 public:
  Push(SyncRun& run, const SyncModel& planned, const Before& before, PushOptions options)
      : run_(run),
        diagnostics_(run.diagnostics()),
        planned_(planned),
        planned_synced_(planned.synced.OrEmpty()),
        deployed_before_(before.deployed),
        synced_before_(before.synced),
        include_root_ca_(planned.include_root_ca.OrEmpty()),
        left_behind_(planned.remove_expired.Or(true) ? LeftBehind::kRemove : LeftBehind::kLetGo),
        options_(options) {}

  SyncOutcome Carry(const HandleByKey& certificates) {
    OpenCertificates(certificates);
    Look();
    const auto decisions = engine::sync::Decide(wanted_, existing_, left_behind_);
    if (!decisions) {
      diagnostics_.Error("Two certificates with one name", decisions.error(), "Remove one, or change `name_schema`.",
                         At(&SyncModel::certificates));
      for (const auto& one : wanted_) Fail(one.key, decisions.error().message);
      return {.synced = std::move(elements_), .deployed = deployed_before_};
    }
    ReportUnseen(*decisions);
    for (const Decision& decision : *decisions) Keep(decision);
    PutAll(*decisions);
    if (options_.removal == Removal::kAllowed) TakeAway(*decisions);
    SetExpired();
    return {.synced = std::move(elements_), .deployed = std::move(deployed_)};
  }

 private:
  base::TimePoint Now() const { return run_.call().Now(); }
  // What the plan knows of the element: what refers to it was planned with that.
  SyncedModel Promised(const std::string& key) const {
    const auto element = planned_synced_.find(key);
    return element == planned_synced_.end() ? SyncedModel() : element->second.OrEmpty();
  }
  // A certificate keeps its name, also where the schema would make another one of the names that it has now.
  std::string NameOf(const Bundle& bundle, const std::string& key) const {
    const auto promised = Promised(key).name.Get();
    return promised ? *promised : MakeName(bundle, planned_, key);
  }
  void SetElement(const std::string& key, SyncedModel element) { elements_[key] = std::move(element); }

  // `former_key`: under which the state knows the object, if its key changed.
  void Fail(const std::string& key, const std::string& message, const std::string& former_key = {}) {
    failed_ = true;
    const auto former = synced_before_.find(former_key.empty() ? key : former_key);
    SetElement(key, FailedElement(former == synced_before_.end() ? SyncedModel() : former->second.OrEmpty(), message));
  }

  // Keeps an object that was replaced by another one and is still there, so that the next apply removes it.
  void Supersede(Deployed former) {
    former.superseded = true;
    const std::string key = Cat("replaced: ", former.external_id);
    deployed_.insert_or_assign(key, std::move(former));
  }

  // Not written as wanted: in the next run, the settings are no longer new.
  void Leave(const std::string& key, Deployed there) {
    there.unfinished = there.unfinished || options_.settings_changed;
    deployed_.insert_or_assign(key, std::move(there));
  }

  void OpenCertificates(const HandleByKey& certificates) {
    for (const auto& [key, handle] : certificates) {
      auto opened = OpenCertificate(run_.context().sealer, handle.OrEmpty());
      auto bundle = opened ? engine::sync::MakeBundle(opened->certificate_id, opened->full_chain_pem, opened->private_key_pem)
                           : base::Result<Bundle>(opened.error());
      const auto path = At(&SyncModel::certificates).Key(key);
      if (!bundle) {
        diagnostics_.Error(Cat("The certificate cannot be used: ", key), bundle.error(), "", path);
        Fail(key, bundle.error().message);
        continue;
      }
      if (const base::TimePoint not_after = bundle->chain.front().not_after; not_after <= Now()) {
        TakeExpired(key, not_after, path);
        continue;
      }
      if (include_root_ca_ && !AddRoot(*bundle, key)) continue;
      wanted_.push_back({.key = key,
                         .name = NameOf(*bundle, key),
                         .fingerprint_sha256 = bundle->chain.front().fingerprint_sha256,
                         .certificate_id = bundle->certificate_id,
                         .chain_sha256 = bundle->ChainSha256(),
                         .settings_changed = options_.settings_changed});
      bundles_.emplace(key, *std::move(bundle));
    }
  }

  void TakeExpired(const std::string& key, base::TimePoint not_after, const schema::cty::Path& path) {
    const auto planned = planned_synced_.find(key);
    if (planned != planned_synced_.end() && planned->second.is_wholly_known()) {
      // The next refresh sees that it has expired since the plan.
      elements_[key] = planned->second;
    } else if (Promised(key).status.is_known()) {
      diagnostics_.Error(Cat("The certificate has expired since the plan: ", key), "Plan again, which renews it.", path);
      Fail(key, "it expired before it was pushed");
    } else {
      expired_.emplace(key, not_after);
      diagnostics_.Warning("Certificates that have expired are not pushed", Cat("\"", key, "\" has expired. Renew it."), path);
    }
  }

  // Most certificates of a sync have one issuer: the way up from it is looked for once.
  bool AddRoot(Bundle& bundle, const std::string& key) {
    const auto& chain = bundle.chain;
    if (trusted_roots_.empty()) trusted_roots_ = base::http::ReadTrustBundle();
    const std::string& top = chain.back().is_ca ? chain.back().fingerprint_sha256 : chain.back().issuer;
    auto found = missing_issuers_.find(top);
    if (found == missing_issuers_.end()) {
      auto issuers = engine::sync::FindMissingIssuers(run_.call(), *run_.context().http, chain, trusted_roots_);
      found = missing_issuers_.emplace(top, std::move(issuers)).first;
    }
    const auto& missing = found->second;
    if (!missing) {
      diagnostics_.Error(Cat("The root certificate cannot be added: ", key), missing.error(),
                         "Omit the root with `include_root_ca = false`, or add it to the roots that this machine trusts.",
                         At(&SyncModel::include_root_ca));
      Fail(key, missing.error().message);
      return false;
    }
    bundle.chain.insert(bundle.chain.end(), missing->begin(), missing->end());
    return true;
  }

  // An entry that the plan leaves alone is not looked at again; one that cannot be looked at counts as it was: the push will
  // report it or, where there is nothing to push, ReportUnseen.
  void Look() {
    std::vector<std::size_t> unsettled;
    std::vector<const Deployed*> asked;
    for (const auto& [key, known] : deployed_before_) {
      if (elements_.contains(key)) {  // its certificate could not be opened: what is there stays
        Leave(key, known);
        continue;
      }
      const auto element = planned_synced_.find(key);
      existing_.push_back({.key = key, .known = known, .observed = known});
      if (element != planned_synced_.end() && element->second.is_wholly_known()) continue;
      unsettled.push_back(existing_.size() - 1);
      asked.push_back(&known);
    }
    const auto seen = run_.Observe(asked);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      Existing& one = existing_[unsettled[i]];
      if (seen[i]) {
        one.observed = *seen[i];
      } else {
        unseen_.insert(one.key);
      }
    }
    if (const base::Error* error = SyncRun::FirstError(seen)) look_error_ = *error;
  }

  static const std::string& FormerKey(const Decision& decision) {
    return decision.former_key.empty() ? decision.key : decision.former_key;
  }
  bool IsUnseen(const Decision& decision) const {
    return decision.action == Action::kUnchanged && unseen_.contains(FormerKey(decision));
  }

  // One error, however many certificates could not be looked at.
  void ReportUnseen(const std::vector<Decision>& decisions) {
    const bool is_any = std::any_of(decisions.begin(), decisions.end(), [&](const Decision& one) { return IsUnseen(one); });
    if (is_any) run_.ReportObserveFailure(*look_error_, schema::Severity::kError);
  }

  void Keep(const Decision& decision) {
    if (decision.action != Action::kUnchanged) return;
    const std::string& key = decision.key;
    deployed_.insert_or_assign(key, *decision.previous);
    if (IsUnseen(decision)) return Fail(key, look_error_->message, decision.former_key);
    const auto& element = planned_synced_.at(key);
    if (element.is_wholly_known()) {
      elements_[key] = element;
    } else {
      SyncedModel kept = SyncedElement(run_.spec(), *decision.previous, bundles_.at(key).chain.front().not_after, Now());
      const auto former = synced_before_.find(FormerKey(decision));
      if (former != synced_before_.end()) kept.synced_at = former->second.OrEmpty().synced_at;
      SetElement(key, std::move(kept));
    }
  }

  struct Upload {
    const Decision* decision;
    std::string name;
    std::optional<Deployed> now{};
    base::Result<void> put{};
    std::chrono::milliseconds took{};
  };

  void PutAll(const std::vector<Decision>& decisions) {
    std::vector<Upload> uploads;
    for (const Decision& one : decisions) {
      if (one.action != Action::kCreate && one.action != Action::kReplace) continue;
      uploads.push_back({&one, NameOf(bundles_.at(one.key), one.key)});
    }
    base::ForEachInParallel(uploads.size(), run_.spec().max_concurrency, [&](std::size_t i) { Put(uploads[i]); });
    for (Upload& one : uploads) Record(one);
  }

  // Called by several threads.
  void Put(Upload& one) {
    const base::Call& call = run_.call();
    const base::SteadyTime start = call.SteadyNow();
    std::optional<Deployed> previous = one.decision->previous;
    if (previous) previous->keeps_id = Promised(one.decision->key).external_id.is_known();
    one.put = run_.Put(one.name, bundles_.at(one.decision->key), previous, one.now);
    one.took = std::chrono::duration_cast<std::chrono::milliseconds>(call.SteadyNow() - start);
    if (!one.put) return;
    call.log.Info("certificate pushed", {{base::key::kDestination, std::string(run_.spec().kind)},
                                         {base::key::kName, one.name},
                                         {base::key::kStep, one.decision->reason},
                                         {base::key::kTook, one.took}});
  }

  void Record(Upload& one) {
    const std::string& key = one.decision->key;
    const Bundle& bundle = bundles_.at(key);
    const auto& previous = one.decision->previous;
    const bool moved = previous && one.now && previous->external_id != one.now->external_id;
    if (!one.put) {
      if (moved) Supersede(*previous);
      if (!one.now) one.now = previous;
      if (one.now) Leave(key, *one.now);
      diagnostics_.Error(Cat("The certificate could not be pushed: ", key), one.put.error(), "",
                         At(&SyncModel::certificates).Key(key));
      Fail(key, one.put.error().message, one.decision->former_key);
      return;
    }
    one.now->unfinished = false;
    one.now->chain_sha256 = bundle.ChainSha256();
    deployed_.insert_or_assign(key, *one.now);
    SyncedModel element = SyncedElement(run_.spec(), *one.now, bundle.chain.front().not_after, Now());
    if (moved) replaced_.push_back(*previous);
    const auto promised = Promised(key).external_id.Get();
    if (promised && *promised != one.now->external_id) {
      failed_ = true;
      const std::string message = Cat("it was planned as ", *promised, ", and is ", one.now->external_id, " now");
      diagnostics_.Error(
          Cat("The external ID has changed: ", key),
          Cat("The certificate was pushed, but ", message, ". The next apply passes that on to what refers to it."),
          At(&SyncModel::certificates).Key(key));
      element = FailedElement(std::move(element), message);
    }
    SetElement(key, std::move(element));
  }

  // Nothing that serves is removed while its successor is missing.
  void TakeAway(const std::vector<Decision>& decisions) {
    std::vector<std::string> keys;
    std::vector<Deployed> leaving;
    for (const Decision& decision : decisions) {
      if (decision.action == Action::kLetGo) {
        diagnostics_.Warning(Cat("Left at the destination: ", decision.previous->external_id),
                             "It expired or left `certificates` while `remove_expired` is false: it is no longer managed.");
      }
      if (decision.action != Action::kRemove) continue;
      if (decision.previous->superseded) {
        replaced_.push_back(*decision.previous);
        continue;
      }
      keys.push_back(decision.key);
      leaving.push_back(*decision.previous);
    }
    std::vector<bool> removed(leaving.size(), false);
    if (failed_) {
      for (const Deployed& one : replaced_) Supersede(one);
    } else {
      removed = run_.Remove(leaving, IfNotRemoved::kInUse, Successors::kAwaited);
      const std::vector<bool> gone = run_.Remove(replaced_, IfNotRemoved::kInUse, Successors::kIgnored);
      for (std::size_t i = 0; i < gone.size(); ++i) {
        if (!gone[i]) Supersede(replaced_[i]);
      }
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!removed[i]) deployed_.try_emplace(keys[i], leaving[i]);
    }
  }

  // Also those that were never pushed, and those whose removal is still due: then Read reports them with their external ID.
  void SetExpired() {
    for (const auto& [key, not_after] : expired_) {
      const auto there = deployed_.find(key);
      SyncedModel element =
          there == deployed_.end() ? ExpiredElement(not_after) : SyncedElement(run_.spec(), there->second, not_after, Now());
      element.status = SyncStatus::kExpired;
      SetElement(key, std::move(element));
    }
  }

  SyncRun& run_;  // borrowed, as is the next
  schema::Diagnostics& diagnostics_;
  const SyncModel& planned_;
  const SyncedByKey planned_synced_;
  const DeployedByKey& deployed_before_;  // borrowed, as is the next
  const SyncedByKey& synced_before_;
  const bool include_root_ca_;
  const LeftBehind left_behind_;
  const PushOptions options_;
  std::string trusted_roots_;  // read once, when a root is wanted
  std::map<std::string, base::Result<std::vector<base::crypto::Certificate>>> missing_issuers_;  // by the top of the chain
  std::map<std::string, Bundle> bundles_;
  std::map<std::string, base::TimePoint> expired_;
  std::vector<engine::sync::Wanted> wanted_;
  std::vector<Existing> existing_;
  std::set<std::string> unseen_;           // keys in the state of what could not be looked at
  std::optional<base::Error> look_error_;  // why
  std::vector<Deployed> replaced_;         // under names that are no longer used
  SyncedByKey elements_;
  DeployedByKey deployed_;
  bool failed_ = false;
};

}  // namespace

SyncOutcome PushCertificates(SyncRun& run, const SyncModel& planned, const Before& before, PushOptions options) {
  return Push(run, planned, before, options).Carry(planned.certificates.OrEmpty());
}

}  // namespace resources::certificate_sync
