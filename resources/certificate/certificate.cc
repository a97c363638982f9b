// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/certificate.h"

#include "base/time_format.h"
#include "resources/certificate/import.h"
#include "resources/certificate/issuance_journal.h"
#include "resources/certificate/issue.h"
#include "resources/certificate/model.h"
#include "resources/certificate/private_state.h"
#include "resources/certificate/renewal.h"
#include "resources/certificate/request.h"
#include "resources/certificate/revoke.h"
#include "resources/certificate/vancluever_migration.h"
#include "resources/deferred_sealing.h"
#include "resources/sealed/payload.h"
#include "schema/roles.h"

namespace resources::certificate {
namespace {

using schema::cty::Path;
using schema::cty::Value;
using sealed::OpenCa;
using sealed::OpenCertificate;
using sealed::Reseal;
using sealed::Sealer;

// A CA that does not answer delays a plan by at most this, once: the failure is shared.
constexpr std::chrono::seconds kReadLimit{5};

CertificateModel ReadModel(const Value& object) { return CertificateModel::Schema().Read(object); }

class Certificate final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    schema::CheckExclusions(schema_.attributes, config, diagnostics);
    ValidateRequest(ReadModel(config), diagnostics);
  }

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    if (const auto settled = PlanAfterImport(context, request, result)) return Plan(context, *settled, result);
    const bool create = request.prior.is_null();
    // A delete that is part of a replacement is recognized by its empty private data, which is that of this plan.
    if (create) result.planned_private.clear();
    const CertificateModel prior = ReadModel(request.prior);
    CertificateModel planned = ReadModel(result.planned);
    if (!planned.csr_pem.is_null()) planned.key_algorithm.SetNull();
    const PrivateState memory = ParsePrivateState(request.prior_private);
    const bool other_rule = !(prior.renew_before == planned.renew_before);
    // A certificate that Read found due by another rule is judged by the new one in the next run.
    const bool due = memory.due && !other_rule;
    bool issue = create || due || HasOtherContent(prior, planned);
    // The handle is opened only if it changed: an empty plan opens none.
    if (create || !(prior.external_ca == planned.external_ca)) {
      issue |= IsOtherCa(context, planned.external_ca, memory, result.diagnostics);
    }
    if (issue) {
      planned = ReadModel(schema::WithUnknownOutputs(schema_.attributes, CertificateModel::Schema().Write(planned)));
    } else {
      if (other_rule) PlanRenewal(planned);
      PlanResealed(context, prior.handle, planned, result.diagnostics);
    }
    PlanExport(prior, issue, planned);
    result.planned = CertificateModel::Schema().Write(planned);
  }

  void NoteSaved(const Context& context, const Value& state) const override { ForgetSaved(context, ReadModel(state)); }

  ChangeResult Read(const base::Call& call, const Context& context, const Stored& stored) const override {
    const auto current = SealDeferred(context.sealer, sealed::handle_kind::kCertificate, stored);
    if (!current) return NotSealed(stored, current.error());
    PrivateState memory = ParsePrivateState(current->private_data);
    CertificateModel certificate = ReadModel(current->state);
    if (MayAskCa(certificate, memory, call.Now())) {
      const auto chain = base::crypto::ParseChain(certificate.certificate_pem.OrEmpty());
      const base::Call limited = WithTimeout(call, certificate.timeouts, &Timeouts::read, kReadLimit);
      const auto renewal = chain ? AskCa(limited, context, chain->front(), memory) : std::nullopt;
      if (renewal) certificate.renewal = ToModel(*renewal);
    }
    memory.due = IsDue(certificate, call.Now());
    return {.stored = {.state = CertificateModel::Schema().Write(certificate), .private_data = ToText(memory)}};
  }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    return IssueCertificate(call, context, request);
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    const CertificateModel prior = ReadModel(request.prior);
    CertificateModel planned = ReadModel(request.planned);
    // The plan has decided: outputs that an issuance sets are unknown in it.
    if (planned.certificate_pem.is_unknown()) return IssueCertificate(call, context, request);
    PrivateState memory = ParsePrivateState(request.planned_private);
    if (!(prior.renew_before == planned.renew_before)) {
      memory.ask_after.reset();
      if (const auto renewal = RenewalWithoutCa(planned)) planned.renewal = ToModel(*renewal);
      memory.due = IsDue(planned, call.Now());
    }
    if (!(prior.external_ca == planned.external_ca)) {
      // The same CA and account, perhaps with other roots.
      const auto ca = OpenCa(context.sealer, planned.external_ca.OrEmpty().Reveal());
      if (ca) memory.trusted_roots_pem = ca->trusted_roots_pem;
    }
    ChangeResult result{.stored = {.state = request.prior, .private_data = ToText(memory)}};
    if (planned.private_key_pem.is_unknown() && !Export(context, planned, result.diagnostics)) {
      result.stored.private_data = request.planned_private;
      return result;
    }
    result.stored.state = CertificateModel::Schema().Write(planned);
    return result;
  }

  ChangeResult Delete(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    const CertificateModel prior = ReadModel(request.prior);
    if (!RevokeOnDestroy(call, context, prior, request, result.diagnostics)) return result;
    ForgetSaved(context, prior);
    result.stored = {.state = Value::Null(CertificateModel::Schema().type())};
    return result;
  }

  ImportResult Import(const base::Call&, const Context& context, std::string_view id) const override {
    return ImportCertificate(context, id);
  }
  std::optional<ImportResult> Move(const MoveRequest& request) const override { return MoveAcmeCertificate(schema_, request); }

 private:
  static ChangeResult NotSealed(const Stored& stored, const base::Error& error) {
    ChangeResult result{.stored = stored};
    result.diagnostics.Error("The certificate cannot be sealed", error, "", At(&CertificateModel::handle));
    return result;
  }

  static bool IsDue(const CertificateModel& certificate, base::TimePoint now) {
    const auto due_at = base::ParseRfc3339(certificate.renewal.OrEmpty().due_at.OrEmpty());
    return due_at && *due_at <= now;
  }

  // By the new rule. If renew_before is not known yet, the apply decides.
  static void PlanRenewal(CertificateModel& planned) {
    const auto renewal = RenewalWithoutCa(planned);
    if (!renewal || planned.renew_before.is_unknown()) {
      planned.renewal.SetUnknown();
    } else {
      planned.renewal = ToModel(*renewal);
    }
  }

  // False after an error.
  static bool Export(const Context& context, CertificateModel& planned, schema::Diagnostics& diagnostics) {
    const auto opened = OpenCertificate(context.sealer, planned.handle.OrEmpty().Reveal());
    if (!opened) {
      diagnostics.Error("The private key cannot be exported", opened.error(), "", At(&CertificateModel::export_private_key));
      return false;
    }
    planned.private_key_pem = opened->private_key_pem;
    return true;
  }

  // True if the handle belongs to another directory or account than `memory` has, or cannot be opened yet.
  static bool IsOtherCa(const Context& context, const schema::Field<base::Secret>& handle, const PrivateState& memory,
                        schema::Diagnostics& diagnostics) {
    if (!handle.is_known() || context.sealer.state() == Sealer::State::kUnknown) return true;
    const auto ca = OpenCa(context.sealer, handle.OrEmpty().Reveal());
    if (!ca) {
      diagnostics.Error("The CA cannot be used", ca.error(), "", At(&CertificateModel::external_ca));
      return true;
    }
    return ca->directory_url != memory.directory_url || ca->account_url != memory.account_url;
  }

  static void PlanResealed(const Context& context, const schema::Field<base::Secret>& handle, CertificateModel& planned,
                           schema::Diagnostics& diagnostics) {
    const base::Secret prior = handle.OrEmpty();
    if (!context.sealer.IsStale(prior.Reveal())) return;
    auto sealed = Reseal(context.sealer, sealed::handle_kind::kCertificate, prior.Reveal());
    if (!sealed) {
      diagnostics.Error("The sealed certificate cannot be read", sealed.error(), "", At(&CertificateModel::handle));
      return;
    }
    planned.handle = base::Secret(*std::move(sealed));
  }

  static void PlanExport(const CertificateModel& prior, bool issue, CertificateModel& planned) {
    if (planned.export_private_key.is_known() && !planned.export_private_key.OrEmpty()) {
      planned.private_key_pem.SetNull();
    } else if (issue || prior.private_key_pem.is_null()) {
      planned.private_key_pem.SetUnknown();
    }
  }

  const std::string type_name_ = "certwright_certificate";
  const schema::Schema schema_ = CertificateSchema();
};

}  // namespace

std::unique_ptr<Resource> MakeCertificate() { return std::make_unique<Certificate>(); }

}  // namespace resources::certificate
