// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "base/domain_name.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/issue.h"
#include "engine/dns/dns01_solver.h"
#include "resources/acme_clients.h"
#include "resources/certificate_schema.h"
#include "resources/payload.h"
#include "resources/renewal_window.h"
#include "schema/reader.h"

namespace resources {
namespace {

using base::Cat;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;

constexpr std::chrono::minutes kIssueLimit{15};

// What every issuance makes anew.
constexpr std::array<std::string_view, 10> kOutputs = {"certificate_pem", "chain_pem",  "full_chain_pem", "issuer",
                                                       "serial_number",   "not_before", "not_after",      "fingerprint_sha256",
                                                       "renewal",         "handle"};

// What travels in private data: who issued the certificate, and whether Read found it due.
struct Memory {
  std::string directory_url{};
  std::string account_url{};
  bool due = false;

  std::string ToText() const {
    return nlohmann::json{{"directory_url", directory_url}, {"account_url", account_url}, {"due", due}}.dump();
  }
  // Anything unreadable reads as empty: the next plan then treats the CA as another one.
  static Memory Parse(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return {};
    return {.directory_url = json.value("directory_url", ""),
            .account_url = json.value("account_url", ""),
            .due = json.value("due", false)};
  }
};

// Lower case, sorted, without duplicates.
std::set<std::string> NormalNames(const std::vector<std::string>& names) {
  std::set<std::string> normal;
  for (const std::string& name : names) {
    if (const auto parsed = base::ParseDnsName(name, base::Wildcard::kAllowed)) normal.insert(*parsed);
  }
  return normal;
}

// Does the failure speak of the names, or of the way to the CA?
Path BlameFor(const base::Error& error) {
  constexpr std::array<std::string_view, 7> kNames = {"rejectedIdentifier", "unsupportedIdentifier", "caa",       "dns",
                                                      "unauthorized",       "incorrectResponse",     "connection"};
  const auto type = std::string_view(error.code).substr(error.code.rfind(':') + 1);
  if (type == "badCSR" || type == "badPublicKey") return Path::Of("key_algorithm");
  return Path::Of(std::find(kNames.begin(), kNames.end(), type) != kNames.end() ? "dns_names" : "external_ca");
}

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
    const bool create = request.prior.is_null();
    const Memory memory = Memory::Parse(request.prior_private);
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

  ChangeResult Read(const base::Call& call, const Context&, const Stored& current) const override {
    Memory memory = Memory::Parse(current.private_data);
    const auto due_at = Reader(schema_.attributes, current.state).Single("renewal");
    const auto text = due_at ? due_at->Text("due_at") : std::nullopt;
    const auto when = text ? base::ParseRfc3339(*text) : std::nullopt;
    memory.due = when && *when <= call.Now();
    return {.stored = {.state = current.state, .private_data = memory.ToText()}};
  }

  ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    const std::string certificate_id = base::Hex(context.random->Bytes(16));
    return Issue(call, context, request, certificate_id);
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    // The plan has decided: what is to be issued anew is unknown in it.
    if (request.planned.Get("certificate_pem").is_unknown()) {
      return Issue(call, context, request, request.prior.Get("certificate_id").AsString());
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

  ChangeResult Delete(const base::Call&, const Context&, const ChangeRequest&) const override {
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
  bool IsOtherCa(const Context& context, const Value& handle, const Memory& memory, schema::Diagnostics& diagnostics) const {
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

  ChangeResult Issue(const base::Call& call, const Context& context, const ChangeRequest& request,
                     const std::string& certificate_id) const {
    // A failure keeps what was there: on create nothing.
    ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
    const Reader planned(schema_.attributes, request.planned);
    const auto ca = OpenCa(context.sealer, planned.SecretText("external_ca").value_or(base::Secret()).Reveal());
    if (!ca) {
      result.diagnostics.Error("The CA cannot be used", ca.error(), "", Path::Of("external_ca"));
      return result;
    }
    auto key = base::crypto::GenerateKey(*base::crypto::ParseKeyAlgorithm(*planned.Text("key_algorithm")));
    auto issued =
        key ? Order(call.Within(kIssueLimit), context, *ca, planned, *key) : base::Result<engine::acme::Issued>(key.error());
    if (!issued) {
      result.diagnostics.Error("The certificate could not be issued", issued.error(), "", BlameFor(issued.error()));
      return result;
    }
    for (const std::string& warning : issued->warnings) {
      result.diagnostics.Warning(warning,
                                 "The certificate was issued. What is named above was left behind and can be removed by hand.");
    }
    CertificatePayload payload{.certificate_id = certificate_id, .full_chain_pem = {}, .private_key_pem = key->ToPem()};
    for (const auto& one : issued->chain) payload.full_chain_pem += one.pem;
    auto handle = SealCertificate(context.sealer, payload);
    if (!handle) {
      result.diagnostics.Error("The certificate cannot be sealed", handle.error(), "", Path::Of("handle"));
      return result;
    }
    result.stored.state = Filled(request.planned, issued->chain, payload, *handle);
    result.stored.private_data = Memory{.directory_url = ca->directory_url, .account_url = ca->account_url}.ToText();
    return result;
  }

  base::Result<engine::acme::Issued> Order(const base::Call& call, const Context& context, const CaPayload& ca,
                                           const Reader& planned, const base::crypto::PrivateKey& key) const {
    auto account_key = base::crypto::ParsePrivateKey(ca.account_key_pem);
    if (!account_key) return std::move(account_key).error().While("reading the account key");
    auto client = context.acme->Get(ca.directory_url, ca.trusted_roots_pem);
    if (!client) return std::move(client).error();
    auto solver = engine::dns::MakeDns01Solver(
        {.connections = ca.dns, .propagation = ca.propagation, .deps = {.http = context.http.get(), .random = context.random}});
    if (!solver) return std::move(solver).error().While("setting up DNS-01");
    const std::set<std::string> names = NormalNames(planned.Texts("dns_names"));
    engine::acme::IssueRequest request{.dns_names = {names.begin(), names.end()}, .common_name = {}, .key = key};
    if (const auto common_name = planned.Text("common_name")) {
      if (const auto parsed = base::ParseDnsName(*common_name, base::Wildcard::kAllowed)) request.common_name = *parsed;
    }
    return engine::acme::Issue(call, **client, {.url = ca.account_url, .key = *std::move(account_key)}, request, **solver);
  }

  Value Filled(const Value& planned, const std::vector<base::crypto::Certificate>& chain, const CertificatePayload& payload,
               const std::string& handle) const {
    const auto& leaf = chain.front();
    const auto text = [](std::string value) { return Value::String(std::move(value)); };
    Value::Members members = planned.AsMembers();
    const auto set = [&](std::string_view name, Value value) { members.insert_or_assign(std::string(name), std::move(value)); };
    set("id", text(payload.certificate_id));
    set("certificate_id", text(payload.certificate_id));
    set("certificate_pem", text(leaf.pem));
    set("chain_pem", text(payload.full_chain_pem.substr(leaf.pem.size())));
    set("full_chain_pem", text(payload.full_chain_pem));
    set("issuer", text(leaf.issuer));
    set("serial_number", text(leaf.serial_number));
    set("not_before", text(base::FormatRfc3339(leaf.not_before)));
    set("not_after", text(base::FormatRfc3339(leaf.not_after)));
    set("fingerprint_sha256", text(leaf.fingerprint_sha256));
    set("handle", text(handle));
    Value::Members renewal;
    renewal.emplace("due_at", text(base::FormatRfc3339(RenewalDueAt(leaf.not_before, leaf.not_after))));
    set("renewal", Value::ObjectOf(*planned.type().Find("renewal"), std::move(renewal)));
    if (planned.Get("private_key_pem").is_unknown()) set("private_key_pem", text(std::string(payload.private_key_pem.Reveal())));
    return Value::ObjectOf(planned.type(), std::move(members));
  }

  const std::string type_name_ = "certwright_certificate";
  const schema::Schema schema_ = CertificateSchema();
};

}  // namespace

std::unique_ptr<Resource> MakeCertificate() { return std::make_unique<Certificate>(); }

}  // namespace resources
