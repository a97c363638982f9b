// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/plan.h"

#include <algorithm>

#include "base/crypto/certificate.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/sync/destination.h"
#include "resources/certificate_sync/certificate_identity.h"
#include "resources/certificate_sync/validate.h"
#include "resources/extension_block.h"
#include "resources/sealed/payload.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;
using engine::sync::ExternalIds;
using schema::Field;
using schema::cty::Value;
using sealed::OpenCertificate;
using sealed::Sealer;

SyncedModel UnknownMembers(const engine::sync::DestinationSpec* destination) {
  const auto& model = SyncedModel::Schema();
  SyncedModel members = model.Read(Value::Unknown(model.type()));
  if (destination != nullptr && !destination->has_versions) members.version.SetNull();
  return members;
}

// True if there is nothing to do: it is there, or it has expired and nothing at the destination is ours any longer.
bool IsSettled(const SyncedModel& element, SyncStatus status) {
  return status == SyncStatus::kSynced || (status == SyncStatus::kExpired && element.external_id.is_null());
}

SyncStatus StatusAt(const std::optional<base::TimePoint>& now, const SyncedModel& element) {
  const SyncStatus status = element.status.Or(SyncStatus::kFailed);
  if (!now) return status;
  const auto not_after = base::ParseRfc3339(element.not_after.OrEmpty());
  return not_after && *not_after <= *now ? SyncStatus::kExpired : status;
}

ExternalIds IdsAt(const engine::sync::DestinationSpec* spec, const Value& destination) {
  if (spec == nullptr || spec->external_ids == nullptr) return ExternalIds::kChange;
  return spec->external_ids(ReadBlock(spec->fields, destination.Get(spec->kind)).settings);
}

// Also of a handle that was sealed again.
bool IsSameCertificate(const Context& context, const Field<std::string>& before, const Field<std::string>& now) {
  if (before == now) return true;
  if (!before.is_known() || !now.is_known()) return false;
  const auto old_content = OpenCertificate(context.sealer, before.OrEmpty());
  const auto new_content = OpenCertificate(context.sealer, now.OrEmpty());
  return old_content && new_content && old_content->certificate_id == new_content->certificate_id &&
         old_content->full_chain_pem == new_content->full_chain_pem &&
         old_content->private_key_pem == new_content->private_key_pem;
}

// Empty if it is not known, or cannot be read.
std::optional<base::TimePoint> ExpiryOf(const Context& context, const Field<std::string>& handle) {
  if (!handle.is_known()) return std::nullopt;
  const auto opened = OpenCertificate(context.sealer, handle.OrEmpty());
  const auto chain = opened ? base::crypto::ParseChain(opened->full_chain_pem)
                            : base::Result<std::vector<base::crypto::Certificate>>(opened.error());
  return chain ? std::optional(chain->front().not_after) : std::nullopt;
}

// The key of a certificate with csr_pem is known to its owner alone. A handle that cannot be opened is reported by the push.
void CheckHasKey(const Context& context, const std::string& key, const Field<std::string>& handle,
                 schema::Diagnostics& diagnostics) {
  if (!handle.is_known() || context.sealer.state() != Sealer::State::kReady) return;
  const auto opened = OpenCertificate(context.sealer, handle.OrEmpty());
  if (!opened || !opened->private_key_pem.empty()) return;
  diagnostics.Error(
      Cat("The certificate has no private key here: ", key),
      "It was ordered with `csr_pem`, so that its key is known to its owner alone, and every destination needs the key. "
      "Deploy it where the key is, or let the provider make the key: remove `csr_pem` from the certificate.",
      At(&SyncModel::certificates).Key(key));
}

// Reported in the plan of the certificate's issuance already: the destinations are known before the certificate is.
void CheckDestination(const Context& context, const SyncModel& planned, const std::string& key, const Field<std::string>& handle,
                      schema::Diagnostics& diagnostics) {
  const auto* spec = ChosenDestination(planned.destination.value());
  const auto allowed = IdentityOf(context, handle).destinations;
  if (spec == nullptr || !allowed || allowed->contains(std::string(spec->kind))) return;
  diagnostics.Error(
      Cat("The certificate may not be deployed here: ", key),
      Cat("The certificate profile that it was ordered through does not allow the destination ", spec->kind, ". ",
          allowed->empty() ? std::string("It allows none.") : Cat("Allowed: ", base::Join(*allowed, ", "), "."),
          " Deploy it to one of these, or have `destinations` of the profile changed; that takes effect when the certificate is "
          "next issued."),
      At(&SyncModel::certificates).Key(key));
}

void CheckUniqueCertificates(const HandleByKey& certificates, schema::Diagnostics& diagnostics) {
  std::map<std::string_view, std::string_view> keys;  // by handle
  for (const auto& [key, handle] : certificates) {
    if (!handle.is_known()) continue;
    const auto [first, is_new] = keys.emplace(handle.value().AsString(), key);
    if (is_new) continue;
    diagnostics.Error("One certificate twice",
                      Cat("\"", first->second, "\" and \"", key,
                          "\" are the same certificate and would get the same name at the destination. Remove one of them."),
                      At(&SyncModel::certificates).Key(key));
  }
}

class ElementPlanner {
 public:
  ElementPlanner(const Context& context, const SyncHistory& history, const SyncModel& planned)
      : context_(context),
        history_(history),
        planned_(planned),
        certificates_before_(history.prior.certificates.OrEmpty()),
        synced_before_(history.prior.synced.OrEmpty()),
        destination_(ChosenDestination(planned.destination.value())),
        ids_(IdsAt(destination_, planned.destination.value())) {}

  Field<SyncedModel> Plan(const std::string& key, const Field<std::string>& handle, schema::Diagnostics& diagnostics) const {
    const auto former_handle = certificates_before_.find(key);
    const auto former = synced_before_.find(key);
    const bool is_kept = history_.same_place && former_handle != certificates_before_.end() && former != synced_before_.end() &&
                         ExactNameOf(history_.prior, key) == ExactNameOf(planned_, key);
    if (is_kept) {
      const SyncedModel element = former->second.OrEmpty();
      const SyncStatus status = StatusAt(history_.decided_at, element);
      const bool is_same = IsSameCertificate(context_, former_handle->second, handle);
      if (is_same && !history_.secrets_differ && !history_.looks_again && IsSettled(element, status)) return former->second;
      // Otherwise it is removed, or is no longer managed.
      if (!is_same || status != SyncStatus::kExpired) {
        CheckMayPush(key, handle, diagnostics);
        return Write(Repaired({key, element, status, former_handle->second, handle}));
      }
    }
    CheckMayPush(key, handle, diagnostics);
    return Write(UnknownMembers(destination_));
  }

 private:
  struct Repair {
    const std::string& key;
    const SyncedModel& element;
    SyncStatus status;
    const Field<std::string>& former_handle;
    const Field<std::string>& handle;
  };

  void CheckMayPush(const std::string& key, const Field<std::string>& handle, schema::Diagnostics& diagnostics) const {
    CheckHasKey(context_, key, handle, diagnostics);
    CheckDestination(context_, planned_, key, handle, diagnostics);
  }

  static Field<SyncedModel> Write(const SyncedModel& element) { return Field<SyncedModel>(SyncedModel::Schema().Write(element)); }

  // The members that a push over the same object leaves as they are.
  SyncedModel Repaired(const Repair& of) const {
    SyncedModel planned = UnknownMembers(destination_);
    const auto deployed = history_.memory.deployed.find(of.key);
    const bool is_recorded = deployed != history_.memory.deployed.end() && !deployed->second.superseded &&
                             of.element.external_id.Get() == deployed->second.external_id;
    const bool is_there = is_recorded || (history_.receipt_lost && of.element.external_id.is_known());
    const CertificateIdentity former = IdentityOf(context_, of.former_handle);
    const CertificateIdentity next = IdentityOf(context_, of.handle);
    if (!is_there || former.certificate_id.empty() || former.certificate_id != next.certificate_id) return planned;
    planned.name = of.element.name;
    // Anything else comes with an error, which nothing is compared after.
    planned.status = SyncStatus::kSynced;
    planned.message.SetNull();
    if (const auto not_after = ExpiryOf(context_, of.handle)) planned.not_after = base::FormatRfc3339(*not_after);
    const bool is_refused = is_recorded && deployed->second.needs_new_id;
    if (!is_refused && KeepsId(history_.looks_again ? SyncStatus::kMissing : of.status, former, next))
      planned.external_id = of.element.external_id;
    return planned;
  }

  bool KeepsId(SyncStatus status, const CertificateIdentity& former, const CertificateIdentity& next) const {
    switch (ids_) {
      case ExternalIds::kByName:
        return true;
      case ExternalIds::kByObject:
        return status != SyncStatus::kMissing;
      case ExternalIds::kByObjectAndKeyAlgorithm:
        return status != SyncStatus::kMissing && !next.key_algorithm.empty() && former.key_algorithm == next.key_algorithm;
      case ExternalIds::kChange:
        break;
    }
    return false;
  }

  const Context& context_;  // borrowed, as are the next two
  const SyncHistory& history_;
  const SyncModel& planned_;
  const HandleByKey certificates_before_;
  const SyncedByKey synced_before_;
  const engine::sync::DestinationSpec* const destination_;  // null while it is not known
  const ExternalIds ids_;
};

}  // namespace

void PlanSynced(const Context& context, const SyncHistory& history, SyncModel& planned, schema::Diagnostics& diagnostics) {
  const auto certificates = planned.certificates.Get();
  if (!certificates) {
    planned.synced.SetUnknown();
    return;
  }
  CheckUniqueCertificates(*certificates, diagnostics);
  const ElementPlanner planner(context, history, planned);
  SyncedByKey synced;
  for (const auto& [key, handle] : *certificates) synced[key] = planner.Plan(key, handle, diagnostics);
  planned.synced = std::move(synced);
}

void PlanRecords(const Context& context, const SyncModel& prior, bool is_new, SyncModel& planned) {
  const SyncedByKey synced = planned.synced.OrEmpty();
  const SyncedByKey synced_before = prior.synced.OrEmpty();
  const bool leaves =
      !planned.synced.is_known() || !prior.pending_removals.OrEmpty().empty() ||
      std::any_of(synced_before.begin(), synced_before.end(), [&](const auto& one) { return !synced.contains(one.first); });
  // An object that is replaced by another one may have to stay for a while.
  const bool moves = std::any_of(synced.begin(), synced.end(),
                                 [](const auto& one) { return one.second.value().Get("external_id").is_unknown(); });
  const bool changes = leaves || !planned.synced.is_wholly_known() || !prior.receipt.is_known() ||
                       context.sealer.IsStale(prior.receipt.OrEmpty().Reveal());
  if (is_new && planned.synced.is_known()) {
    planned.pending_removals = PendingByKey();
  } else if (leaves || moves || prior.pending_removals.is_null()) {
    planned.pending_removals.SetUnknown();
  }
  if (changes) planned.receipt.SetUnknown();
}

}  // namespace resources::certificate_sync
