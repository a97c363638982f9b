// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/certificate.h"

#include <array>

#include "base/encoding.h"
#include "base/time_format.h"
#include "resources/certificate/import.h"
#include "resources/certificate/issuance_journal.h"
#include "resources/certificate/issue.h"
#include "resources/certificate/private_state.h"
#include "resources/certificate/renewal.h"
#include "resources/certificate/request.h"
#include "resources/certificate/revoke.h"
#include "resources/certificate/schema.h"
#include "resources/certificate/vancluever_migration.h"
#include "resources/deferred_sealing.h"
#include "resources/sealed/payload.h"
#include "resources/timeouts.h"
#include "schema/reader.h"

namespace resources::certificate {
namespace {

using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::OpenCa;
using sealed::OpenCertificate;
using sealed::Reseal;
using sealed::Sealer;

// A CA that does not answer holds up a plan for so long, once: the failure is shared.
constexpr std::chrono::seconds kReadLimit{5};

// What every issuance makes anew.
constexpr std::array<std::string_view, 10> kOutputs = {"certificate_pem", "chain_pem",  "full_chain_pem", "issuer",
                                                       "serial_number",   "not_before", "not_after",      "fingerprint_sha256",
                                                       "renewal",         "handle"};

class Certificate final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    ValidateRequest(Reader(schema_.attributes, config), diagnostics);
  }

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    if (const auto settled = SettleArrived(context, request, result)) return Plan(context, *settled, result);
    const bool create = request.prior.is_null();
    // The private data is the prior object's: a delete that belongs to a replacement is told by having none.
    if (create) result.planned_private.clear();
    if (!result.planned.Get("csr_pem").is_null())
      result.planned = result.planned.With("key_algorithm", Value::Null(Type::String()));
    const CertificateMemory memory = ParseCertificateMemory(request.prior_private);
    const bool other_rule = request.prior.Get("renew_before") != result.planned.Get("renew_before");
    // What Read found due by another rule is judged anew by the next one.
    const bool due = memory.due && !other_rule;
    bool issue = create || due || HasOtherContent(schema_.attributes, request.prior, result.planned);
    // The handle is opened only when it changed: an empty plan opens none.
    if (create || request.prior.Get("external_ca") != result.planned.Get("external_ca")) {
      issue |= IsOtherCa(context, result.planned.Get("external_ca"), memory, result.diagnostics);
    }
    if (issue) {
      for (const std::string_view name : kOutputs) MarkUnknown(result, name);
    } else {
      if (other_rule) PlanRenewal(result);
      PlanResealed(context, request.prior.Get("handle"), result);
    }
    PlanExport(request.prior, issue, result);
  }

  void NoteSaved(const Context& context, const Value& state) const override { ForgetSaved(context, state); }

  ChangeResult Read(const base::Call& call, const Context& context, const Stored& stored) const override {
    const auto current = SealArrived(context.sealer, sealed::handle_kind::kCertificate, stored);
    if (!current) return NotSealed(stored, current.error());
    CertificateMemory memory = ParseCertificateMemory(current->private_data);
    Value state = current->state;
    const Reader certificate(schema_.attributes, current->state);
    if (MayAskCa(certificate, memory, call.Now())) {
      const auto chain = base::crypto::ParseChain(certificate.Text("certificate_pem").value_or(""));
      const auto renewal =
          chain ? AskCa(WithTimeout(call, certificate, "read", kReadLimit), context, chain->front(), memory) : std::nullopt;
      if (renewal) state = state.With("renewal", ToValue(*state.type().Find("renewal"), *renewal));
    }
    memory.due = IsDue(state, call.Now());
    return {.stored = {.state = std::move(state), .private_data = ToText(memory)}};
  }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    return IssueCertificate(call, context, schema_, request);
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    // The plan has decided: what is to be issued anew is unknown in it.
    if (request.planned.Get("certificate_pem").is_unknown()) {
      return IssueCertificate(call, context, schema_, request);
    }
    CertificateMemory memory = ParseCertificateMemory(request.planned_private);
    ChangeResult result{.stored = {.state = request.planned}};
    UpdateRenewal(call, request, memory, result.stored.state);
    if (request.prior.Get("external_ca") != request.planned.Get("external_ca")) {
      // The same CA and account: its roots may be others.
      const auto ca = OpenCa(context.sealer, request.planned.Get("external_ca").AsString());
      if (ca) memory.trusted_roots_pem = ca->trusted_roots_pem;
    }
    result.stored.private_data = ToText(memory);
    if (request.planned.Get("private_key_pem").is_unknown()) Export(context, request, result);
    return result;
  }

  ChangeResult Delete(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    const Reader prior(schema_.attributes, request.prior);
    if (!RevokeOnDestroy(call, context, prior, request, result.diagnostics)) return result;
    ForgetSaved(context, request.prior);
    result.stored = {.state = Value::Null(schema_.ImpliedType())};
    return result;
  }

  ImportResult Import(const base::Call&, const Context& context, std::string_view id) const override {
    return ImportCertificate(context, schema_, id);
  }
  std::optional<ImportResult> Move(const MoveRequest& request) const override { return MoveAcmeCertificate(schema_, request); }

 private:
  static ChangeResult NotSealed(const Stored& stored, const base::Error& error) {
    ChangeResult result{.stored = stored};
    result.diagnostics.Error("The certificate cannot be sealed", error, "", Path::Of("handle"));
    return result;
  }

  void MarkUnknown(schema::PlanResult& result, std::string_view name) const {
    result.planned = result.planned.With(name, Value::Unknown(*result.planned.type().Find(name)));
  }

  bool IsDue(const Value& state, base::TimePoint now) const {
    const auto renewal = Reader(schema_.attributes, state).Single("renewal");
    const auto due_at = base::ParseRfc3339(renewal ? renewal->Text("due_at").value_or("") : "");
    return due_at && *due_at <= now;
  }

  // By the new rule. A renew_before that is not known yet leaves it to the apply.
  void PlanRenewal(schema::PlanResult& result) const {
    const auto renewal = RenewalWithoutCa(Reader(schema_.attributes, result.planned));
    if (!renewal || result.planned.Get("renew_before").is_unknown()) return MarkUnknown(result, "renewal");
    result.planned = result.planned.With("renewal", ToValue(*result.planned.type().Find("renewal"), *renewal));
  }

  void UpdateRenewal(const base::Call& call, const ChangeRequest& request, CertificateMemory& memory, Value& state) const {
    if (request.prior.Get("renew_before") == request.planned.Get("renew_before")) return;
    memory.ask_after.reset();
    const auto renewal = RenewalWithoutCa(Reader(schema_.attributes, request.planned));
    if (renewal) state = state.With("renewal", ToValue(*state.type().Find("renewal"), *renewal));
    memory.due = IsDue(state, call.Now());
  }

  void Export(const Context& context, const ChangeRequest& request, ChangeResult& result) const {
    const auto opened = OpenCertificate(context.sealer, request.planned.Get("handle").AsString());
    if (!opened) {
      result.diagnostics.Error("The private key cannot be exported", opened.error(), "", Path::Of("export_private_key"));
      result.stored = {.state = request.prior, .private_data = request.planned_private};
      return;
    }
    result.stored.state =
        result.stored.state.With("private_key_pem", Value::String(std::string(opened->private_key_pem.Reveal())));
  }

  // True when the handle is of another directory or account than `memory` says, or cannot be opened yet.
  bool IsOtherCa(const Context& context, const Value& handle, const CertificateMemory& memory,
                 schema::Diagnostics& diagnostics) const {
    if (!handle.is_known() || context.sealer.state() == Sealer::State::kUnknown) return true;
    const auto ca = OpenCa(context.sealer, handle.AsString());
    if (!ca) {
      diagnostics.Error("The CA cannot be used", ca.error(), "", Path::Of("external_ca"));
      return true;
    }
    return ca->directory_url != memory.directory_url || ca->account_url != memory.account_url;
  }

  void PlanResealed(const Context& context, const Value& handle, schema::PlanResult& result) const {
    if (!context.sealer.IsStale(handle.AsString())) return;
    auto sealed = Reseal(context.sealer, sealed::handle_kind::kCertificate, handle.AsString());
    if (!sealed) {
      result.diagnostics.Error("The sealed certificate cannot be read", sealed.error(), "", Path::Of("handle"));
      return;
    }
    result.planned = result.planned.With("handle", Value::String(*std::move(sealed)));
  }

  void PlanExport(const Value& prior, bool issue, schema::PlanResult& result) const {
    const Value wanted = result.planned.Get("export_private_key");
    if (wanted.is_known() && !wanted.AsBool()) {
      result.planned = result.planned.With("private_key_pem", Value::Null(Type::String()));
    } else if (issue || prior.Get("private_key_pem").is_null()) {
      MarkUnknown(result, "private_key_pem");
    }
  }

  const std::string type_name_ = "certwright_certificate";
  const schema::Schema schema_ = CertificateSchema();
};

}  // namespace

std::unique_ptr<Resource> MakeCertificate() { return std::make_unique<Certificate>(); }

}  // namespace resources::certificate
