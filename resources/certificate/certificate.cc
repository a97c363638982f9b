// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/certificate.h"

#include "base/text.h"
#include "base/time_format.h"
#include "resources/certificate/import.h"
#include "resources/certificate/issuance_journal.h"
#include "resources/certificate/issue.h"
#include "resources/certificate/model.h"
#include "resources/certificate/private_state.h"
#include "resources/certificate/profiles.h"
#include "resources/certificate/renewal.h"
#include "resources/certificate/request.h"
#include "resources/certificate/revoke.h"
#include "resources/certificate/vancluever_migration.h"
#include "resources/deferred_sealing.h"
#include "resources/lost_keys.h"
#include "resources/sealed/payload.h"
#include "schema/roles.h"

namespace resources::certificate {
namespace {

using schema::cty::Value;
using sealed::OpenCertificate;
using sealed::ResealCertificate;
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
    if (!HasSealingKey(context, request.prior, result.diagnostics)) return;
    if (const auto settled = PlanAfterImport(context, request, result)) return Plan(context, *settled, result);
    const bool create = request.prior.is_null();
    // Terraform hands the private data of this plan to the delete of the object that is replaced.
    if (create) result.planned_private = ToText({.is_new = true});
    PrivateState memory = ParsePrivateState(request.planned_private.empty() ? request.prior_private : request.planned_private);
    PlanDefaults(context, request, memory, result);
    const CertificateModel prior = ReadModel(request.prior);
    CertificateModel planned = ReadModel(result.planned);
    const bool other_rule = !(prior.renew_before == planned.renew_before);
    // A certificate that was found due by another rule is judged by the new one in the next run.
    const bool due = Decide(request, prior, memory, result) && !other_rule;
    const auto changed = schema::OtherContent(schema_.attributes, request.prior, result.planned);
    const auto reason = ReasonToIssue(context, {prior, planned, request.prior_private, changed, create, due}, result.diagnostics);
    const bool issue = reason.has_value();
    if (!issue && !other_rule) WarnIfDue(context, request, prior, result.diagnostics);
    if (issue) {
      planned = PlanOrder(context, request.config, prior, result);
      SetReason(*reason, planned);
    } else {
      CheckNewExport(context, prior, planned, result.diagnostics);
      if (other_rule) PlanRenewal(prior, planned);
      PlanResealed(context, prior.handle, planned, result.diagnostics);
    }
    PlanExport(prior, issue, planned);
    // An unchanged certificate is not written again: a plan may have thousands of them.
    const bool is_same =
        !issue && !other_rule && planned.handle == prior.handle && planned.private_key_pem == prior.private_key_pem;
    if (!is_same) result.planned = CertificateModel::Schema().Write(planned);
  }

  void NoteSaved(const Context& context, const Value& state) const override { ForgetSaved(context, ReadModel(state)); }

  ChangeResult Read(const base::Call& call, const Context& context, const Stored& stored) const override {
    ChangeResult keyless{.stored = stored};
    if (!HasSealingKey(context, stored.state, keyless.diagnostics)) return keyless;
    const auto current = SealDeferred(context.sealer, stored);
    if (!current) return NotSealed(stored, current.error());
    PrivateState memory = ParsePrivateState(current->private_data);
    Value state = current->state;
    CertificateModel certificate = ReadModel(state);
    // What is due stays due: the CA's answer could only delay a renewal that another run has begun.
    if (!IsDue(certificate, call.Now()) && MayAskCa(certificate, memory, call.Now())) {
      const auto chain = base::crypto::ParseChain(certificate.certificate_pem.OrEmpty());
      const base::Call limited = WithTimeout(call, certificate.timeouts, &Timeouts::read, kReadLimit);
      const auto renewal = chain ? AskCa(limited, context, certificate, chain->front(), memory) : std::nullopt;
      if (renewal) {
        certificate.renewal = ToModel(*renewal);
        state = CertificateModel::Schema().Write(certificate);
      }
    }
    // States from before this output lack it.
    if (certificate.dns_names_ascii.is_null()) {
      certificate.dns_names_ascii = OrderedNames(certificate);
      state = CertificateModel::Schema().Write(certificate);
    }
    memory.due = IsDue(certificate, call.Now());
    if (memory.due) LogDue(call.log, certificate);
    ChangeResult result{.stored = {.state = std::move(state), .private_data = ToText(memory)}};
    WarnOfLongRenewBefore(certificate, result.diagnostics);
    WarnOfMisfit(context, certificate, result.diagnostics);
    return result;
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
      if (const auto renewal = RenewalByRule(planned, prior.renewal.OrEmpty())) planned.renewal = ToModel(*renewal);
      memory.due = IsDue(planned, call.Now());
    }
    ChangeResult result{.stored = {.state = request.prior, .private_data = ToText(memory)}};
    CheckNewExport(context, prior, planned, result.diagnostics);
    if (result.diagnostics.HasErrors() ||
        (planned.private_key_pem.is_unknown() && !Export(context, planned, result.diagnostics))) {
      result.stored.private_data = request.planned_private;
      return result;
    }
    if (!(prior.renew_before == planned.renew_before)) WarnOfRenewal(planned, result.diagnostics);
    if (!(prior.external_ca == planned.external_ca)) WarnOfMisfit(context, planned, result.diagnostics);
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

  // What the configuration leaves out stays as the profile gave it at the last issuance. A certificate whose private data do not
  // say so, because its configuration said the same or because they are lost, is recognized by what its profile gives now.
  static void PlanDefaults(const Context& context, const schema::PlanRequest& request, PrivateState& memory,
                           schema::PlanResult& result) {
    result.planned = WithDefaults(request.config, memory.defaults, std::move(result.planned));
    if (request.prior.is_null() || !LosesDefaults(request.config, request.prior, result.planned)) return;
    schema::Diagnostics reported_by_the_order;
    const auto issuer = OpenKnownIssuer(context, ReadModel(result.planned).external_ca, reported_by_the_order);
    if (!issuer || issuer->profiles.empty()) return;
    memory.defaults = AddDefaults(memory.defaults, TakenDefaults(request.config, DefaultsOf(*issuer), request.prior));
    result.planned = WithDefaults(request.config, memory.defaults, std::move(result.planned));
    result.planned_private = ToText(memory);
  }

  // The plan of an order: with the defaults of its issuer now, all that comes with the certificate unknown, and errors if the
  // issuer does not allow it.
  static CertificateModel PlanOrder(const Context& context, const Value& config, const CertificateModel& prior,
                                    schema::PlanResult& result) {
    const auto& model = CertificateModel::Schema();
    const schema::Field<base::Secret> external_ca = ReadModel(result.planned).external_ca;
    const auto issuer = OpenKnownIssuer(context, external_ca, result.diagnostics);
    const Value defaults = DefaultsIn(external_ca, issuer.get());
    CertificateModel planned =
        model.Read(schema::WithUnknownOutputs(model.attributes(), WithDefaults(config, defaults, result.planned)));
    planned.dns_names_ascii = OrderedNames(planned);
    if (issuer) CheckOrder(*issuer, planned, result.diagnostics);
    planned.handle.SetUnknown({.is_null = false, .string_prefix = KnownHandle(prior, planned, issuer.get())});
    return planned;
  }

  // An export needs no order. One that is there already stays until the next.
  static void CheckNewExport(const Context& context, const CertificateModel& prior, const CertificateModel& planned,
                             schema::Diagnostics& diagnostics) {
    if (!planned.export_private_key.OrEmpty() || prior.export_private_key.OrEmpty()) return;
    const auto issuer = OpenKnownIssuer(context, planned.external_ca, diagnostics);
    if (issuer) CheckExport(*issuer, planned, diagnostics);
  }

  // Null if it is not known yet, or after an error.
  static std::shared_ptr<const Issuer> OpenKnownIssuer(const Context& context, const schema::Field<base::Secret>& handle,
                                                       schema::Diagnostics& diagnostics) {
    if (!handle.is_known() || context.sealer.state() != Sealer::State::kReady) return nullptr;
    auto issuer = OpenSharedIssuer(context, handle.OrEmpty().Reveal());
    if (issuer) return *std::move(issuer);
    if (!diagnostics.HasErrorAt(At(&CertificateModel::external_ca))) {
      diagnostics.Error("The CA cannot be used", issuer.error(), "", At(&CertificateModel::external_ca));
    }
    return nullptr;
  }

  // Whether a renewal is due: decided by the refresh or, where the client keeps what the first plan decides, by that.
  static bool Decide(const schema::PlanRequest& request, const CertificateModel& prior, PrivateState& memory,
                     schema::PlanResult& result) {
    if (memory.due || !request.now || !IsDue(prior, *request.now)) return memory.due;
    memory.due = true;
    result.planned_private = ToText(memory);
    if (request.log != nullptr) LogDue(*request.log, prior);
    return true;
  }

  // A plan without a refresh decides nothing for clients that do not keep the decision. A warning changes no plan.
  static void WarnIfDue(const Context& context, const schema::PlanRequest& request, const CertificateModel& prior,
                        schema::Diagnostics& diagnostics) {
    if (request.now || !request.planned_private.empty() || !IsDue(prior, context.clock->Now())) return;
    diagnostics.Warning("A renewal is due, and this plan does not renew",
                        base::Cat("The certificate is ", DueSince(prior),
                                  ". Plans without a refresh (`-refresh=false`) do not see that before Terraform 1.16. Run the "
                                  "plan again with a refresh."),
                        At(&CertificateModel::renewal));
  }

  static void LogDue(const base::Log& log, const CertificateModel& certificate) {
    log.Info("certificate is due for renewal",
             {{base::key::kCertificateId, certificate.certificate_id.OrEmpty()}, {base::key::kStep, DueSince(certificate)}});
  }

  // "due by the CA's renewal window since 2026-11-29T04:17:00Z".
  static std::string DueSince(const CertificateModel& certificate) {
    const RenewalModel renewal = certificate.renewal.OrEmpty();
    const std::string_view rule = IsDueByRenewBefore(certificate)   ? "by `renew_before`"
                                  : !renewal.window_start.is_null() ? "by the CA's renewal window"
                                                                    : "by its lifetime";
    return base::Cat("due ", rule, " since ", renewal.due_at.OrEmpty());
  }

  struct Candidate {
    const CertificateModel& prior;  // all borrowed
    const CertificateModel& planned;
    const std::string& private_data;
    const std::vector<std::string>& changed;  // content attributes
    bool create;
    bool due;
  };
  struct Reason {
    std::optional<IssuedBecause> because;  // empty: known in the apply
    std::string detail{};
  };

  // Empty if the certificate stays.
  static std::optional<Reason> ReasonToIssue(const Context& context, const Candidate& of, schema::Diagnostics& diagnostics) {
    if (of.create || of.prior.certificate_pem.is_null()) {
      return Reason{IssuedBecause::kFirstIssuance, "the certificate did not exist"};
    }
    if (IsAbandoned(context, of.prior.handle)) {
      return Reason{IssuedBecause::kKeyLost, "no sealing key opens its handle, and the provider abandons it"};
    }
    // The handle is opened only if it changed: an empty plan opens none.
    if (!(of.prior.external_ca == of.planned.external_ca) &&
        IsOtherCa(context, of.planned.external_ca, ReadPrivateState(context, of.prior, of.private_data), diagnostics)) {
      const bool known = of.planned.external_ca.is_known() && context.sealer.state() == Sealer::State::kReady;
      return known ? Reason{IssuedBecause::kCaChanged, "`external_ca` is another CA or account"} : Reason{};
    }
    if (!of.changed.empty()) {
      const auto& model = CertificateModel::Schema();
      if (!schema::IsContentKnown(model.attributes(), model.Write(of.planned))) return Reason{};
      return Reason{IssuedBecause::kConfiguration, base::Cat("`", base::Join(of.changed, "`, `"), "` changed")};
    }
    if (!of.due) return std::nullopt;
    return Reason{IssuedBecause::kRenewal, DueSince(of.prior)};
  }

  static void SetReason(const Reason& reason, CertificateModel& planned) {
    if (!reason.because) {
      planned.issued_because.SetUnknown();
      planned.issued_because_detail.SetUnknown();
      return;
    }
    planned.issued_because = *reason.because;
    planned.issued_because_detail = reason.detail;
  }

  // What is known of the next handle: its kind, the certificate's ID and, unless a signing request decides, the key algorithm;
  // the destinations once it is known which profiles there are.
  static std::string KnownHandle(const CertificateModel& prior, const CertificateModel& planned, const Issuer* issuer) {
    const std::string id = prior.certificate_id.OrEmpty();
    const std::string algorithm = planned.key_algorithm.OrEmpty();
    if (id.empty()) return "cw2:certificate:";
    const auto destinations = issuer != nullptr ? DestinationsOf(*issuer) : std::nullopt;
    std::string prefix =
        sealed::KnownPrefix(sealed::handle_kind::kCertificate, sealed::CertificateFacts(id, algorithm, destinations));
    if (algorithm.empty()) return prefix.substr(0, prefix.find('.') + 1);
    if (issuer == nullptr && MayHaveProfiles(planned.external_ca)) prefix.pop_back();
    return prefix;
  }

  static bool IsDue(const CertificateModel& certificate, base::TimePoint now) {
    // Without the model: a plan asks this of thousands.
    static const std::string name = RenewalModel::Schema().AttributeOf(&RenewalModel::due_at).name;
    const Value& renewal = certificate.renewal.value();
    const Value text = renewal.is_known() ? renewal.Get(name) : renewal;
    const auto due_at = text.is_known() ? base::ParseRfc3339(text.AsString()) : std::nullopt;
    return due_at && *due_at <= now;
  }

  // By the new rule. If renew_before is not known yet, the apply decides.
  static void PlanRenewal(const CertificateModel& prior, CertificateModel& planned) {
    const auto renewal = RenewalByRule(planned, prior.renewal.OrEmpty());
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
    const auto issuer = OpenKnownIssuer(context, handle, diagnostics);
    return !issuer || issuer->ca.directory_url != memory.directory_url || issuer->ca.account_url != memory.account_url;
  }

  static void PlanResealed(const Context& context, const schema::Field<base::Secret>& handle, CertificateModel& planned,
                           schema::Diagnostics& diagnostics) {
    const base::Secret prior = handle.OrEmpty();
    if (!context.sealer.IsStale(prior.Reveal())) return;
    auto sealed = ResealCertificate(context.sealer, prior.Reveal());
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
