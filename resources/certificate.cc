// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate.h"

#include <array>

#include "base/domain_name.h"
#include "base/text.h"
#include "base/time_format.h"
#include "resources/certificate_issue.h"
#include "resources/certificate_memory.h"
#include "resources/certificate_schema.h"
#include "resources/issuance_journal.h"
#include "resources/payload.h"
#include "schema/reader.h"

namespace resources {
namespace {

using base::Cat;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;

// What every issuance makes anew.
constexpr std::array<std::string_view, 10> kOutputs = {"certificate_pem", "chain_pem",  "full_chain_pem", "issuer",
                                                       "serial_number",   "not_before", "not_after",      "fingerprint_sha256",
                                                       "renewal",         "handle"};

class Certificate final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    const Reader certificate(schema_.attributes, config);
    const auto common_name = certificate.Text("common_name");
    if (!common_name || !config.Get("dns_names").is_wholly_known()) return;
    const auto parsed = base::ParseDnsName(*common_name, base::Wildcard::kAllowed);
    if (!parsed || NormalNames(certificate.Texts("dns_names")).contains(*parsed)) return;
    diagnostics.Error("The common name is none of the names",
                      Cat("\"", *parsed, "\" is not among dns_names: add it there, or remove common_name."),
                      Path::Of("common_name"));
  }

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    // Under -refresh=false nothing is read; the plan says nothing of it.
    ForgetSaved(context, request.prior);
    const bool create = request.prior.is_null();
    const CertificateMemory memory = ParseCertificateMemory(request.prior_private);
    bool issue = create || memory.due || HasOtherContent(request.prior, result.planned);
    // The handle is opened only when it changed: an empty plan opens none.
    if (create || request.prior.Get("external_ca") != result.planned.Get("external_ca")) {
      issue |= IsOtherCa(context, result.planned.Get("external_ca"), memory, result.diagnostics);
    }
    if (issue) {
      for (const std::string_view name : kOutputs) MarkUnknown(result, name);
    } else if (const Value handle = request.prior.Get("handle"); context.sealer.IsStale(handle.AsString())) {
      PlanResealed(context, handle.AsString(), result);
    }
    PlanExport(request.prior, issue, result);
  }

  ChangeResult Read(const base::Call& call, const Context& context, const Stored& current) const override {
    ForgetSaved(context, current.state);
    CertificateMemory memory = ParseCertificateMemory(current.private_data);
    const auto due_at = Reader(schema_.attributes, current.state).Single("renewal");
    const auto text = due_at ? due_at->Text("due_at") : std::nullopt;
    const auto when = text ? base::ParseRfc3339(*text) : std::nullopt;
    memory.due = when && *when <= call.Now();
    return {.stored = {.state = current.state, .private_data = ToText(memory)}};
  }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    return IssueCertificate(call, context, schema_, request);
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    // The plan has decided: what is to be issued anew is unknown in it.
    if (request.planned.Get("certificate_pem").is_unknown()) {
      return IssueCertificate(call, context, schema_, request);
    }
    ChangeResult result{.stored = {.state = request.planned, .private_data = request.planned_private}};
    if (!request.planned.Get("private_key_pem").is_unknown()) return result;
    const auto opened = OpenCertificate(context.sealer, request.planned.Get("handle").AsString());
    if (!opened) {
      result.diagnostics.Error("The private key cannot be exported", opened.error(), "", Path::Of("export_private_key"));
      result.stored.state = request.prior;
      return result;
    }
    result.stored.state = request.planned.With("private_key_pem", Value::String(std::string(opened->private_key_pem.Reveal())));
    return result;
  }

  ChangeResult Delete(const base::Call&, const Context& context, const ChangeRequest& request) const override {
    ForgetSaved(context, request.prior);
    return {.stored = {.state = Value::Null(schema_.ImpliedType())}};
  }

  ImportResult Import(const base::Call&, const Context&, std::string_view) const override {
    ImportResult result{.stored = {.state = Value::Null(schema_.ImpliedType())}};
    result.diagnostics.Error(
        "A certificate cannot be imported",
        "Its private key would be missing. Declare the resource and apply: a new certificate is ordered, and the old "
        "one stays valid where it is used.");
    return result;
  }

 private:
  void MarkUnknown(schema::PlanResult& result, std::string_view name) const {
    result.planned = result.planned.With(name, Value::Unknown(*result.planned.type().Find(name)));
  }

  // True when what the certificate says would differ, or cannot be told yet.
  bool HasOtherContent(const Value& prior, const Value& planned) const {
    if (!planned.Get("dns_names").is_wholly_known() || planned.Get("common_name").is_unknown() ||
        planned.Get("key_algorithm").is_unknown()) {
      return true;
    }
    const Reader before(schema_.attributes, prior);
    const Reader after(schema_.attributes, planned);
    return NormalNames(before.Texts("dns_names")) != NormalNames(after.Texts("dns_names")) ||
           before.Text("common_name") != after.Text("common_name") ||
           before.Text("key_algorithm") != after.Text("key_algorithm") || prior.Get("certificate_pem").is_null();
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

  void PlanResealed(const Context& context, std::string_view handle, schema::PlanResult& result) const {
    auto sealed = Reseal(context.sealer, handle_kind::kCertificate, handle);
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

}  // namespace resources
