// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_issue.h"

#include <algorithm>
#include <array>

#include "base/domain_name.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/issue.h"
#include "engine/dns/dns01_solver.h"
#include "resources/acme_clients.h"
#include "resources/certificate_memory.h"
#include "resources/issuance_journal.h"
#include "resources/payload.h"
#include "resources/renewal_window.h"
#include "schema/reader.h"

namespace resources {
namespace {

using schema::Reader;
using schema::cty::Path;
using schema::cty::Value;

constexpr std::chrono::minutes kIssueLimit{15};

// Does the failure speak of the names, or of the way to the CA?
Path BlameFor(const base::Error& error) {
  constexpr std::array<std::string_view, 7> kNames = {"rejectedIdentifier", "unsupportedIdentifier", "caa",       "dns",
                                                      "unauthorized",       "incorrectResponse",     "connection"};
  const auto type = std::string_view(error.code).substr(error.code.rfind(':') + 1);
  if (type == "badCSR" || type == "badPublicKey") return Path::Of("key_algorithm");
  return Path::Of(std::find(kNames.begin(), kNames.end(), type) != kNames.end() ? "dns_names" : "external_ca");
}

std::optional<std::string> CommonName(const Reader& planned) {
  const auto common_name = planned.Text("common_name");
  const auto parsed =
      common_name ? base::ParseDnsName(*common_name, base::Wildcard::kAllowed) : base::Result<std::string>(base::Error{});
  return parsed ? std::optional(*parsed) : std::nullopt;
}

// What the journal is to say of the issuance before it begins.
IssuanceEntry Wanted(const CaPayload& ca, const Reader& planned, base::TimePoint now) {
  const std::set<std::string> names = NormalNames(planned.Texts("dns_names"));
  IssuanceEntry entry{.configuration = {},
                      .began = now,
                      .external_ca = std::string(planned.SecretText("external_ca").value_or(base::Secret()).Reveal()),
                      .account_url = ca.account_url,
                      .dns_names = {names.begin(), names.end()}};
  entry.configuration = ConfigurationDigest({{ca.directory_url},
                                             {ca.account_url},
                                             entry.dns_names,
                                             {CommonName(planned).value_or("")},
                                             {planned.Text("key_algorithm").value_or("")}});
  return entry;
}

// The key that the run before had, or a new one.
base::Result<base::crypto::PrivateKey> KeyFor(IssuanceJournal& journal, const Reader& planned) {
  if (!journal.private_key_pem().empty()) return base::crypto::ParsePrivateKey(journal.private_key_pem());
  auto key = base::crypto::GenerateKey(*base::crypto::ParseKeyAlgorithm(*planned.Text("key_algorithm")));
  if (key) journal.SetKey(key->ToPem());
  return key;
}

base::Result<engine::acme::Issued> Order(const base::Call& call, const Context& context, const CaPayload& ca,
                                         const Reader& planned, const base::crypto::PrivateKey& key, IssuanceJournal& journal) {
  auto account_key = base::crypto::ParsePrivateKey(ca.account_key_pem);
  if (!account_key) return std::move(account_key).error().While("reading the account key");
  auto client = context.acme->Get(ca.directory_url, ca.trusted_roots_pem);
  if (!client) return std::move(client).error();
  auto solver = engine::dns::MakeDns01Solver(
      {.connections = ca.dns, .propagation = ca.propagation, .deps = context.deps(), .memory = &journal});
  if (!solver) return std::move(solver).error().While("setting up DNS-01");
  const std::set<std::string> names = NormalNames(planned.Texts("dns_names"));
  const engine::acme::IssueRequest request{.dns_names = {names.begin(), names.end()},
                                           .common_name = CommonName(planned),
                                           .key = key,
                                           .left_order = journal.left_order(),
                                           .checkpoints = &journal};
  return engine::acme::Issue(call, **client, {.url = ca.account_url, .key = *std::move(account_key)}, request, **solver);
}

// Delivers what the run before got, or orders; the journal knows how it ended.
base::Result<engine::acme::Issued> Issue(const base::Call& call, const Context& context, const CaPayload& ca,
                                         const Reader& planned, IssuanceJournal& journal) {
  if (auto issued = journal.FindIssued()) {
    call.log.Info("certificate of an earlier run taken over", {{base::key::kCertificateId, journal.certificate_id()}});
    return *std::move(issued);
  }
  const auto key = KeyFor(journal, planned);
  auto issued = key ? Order(call, context, ca, planned, *key, journal) : base::Result<engine::acme::Issued>(key.error());
  journal.Conclude(issued);
  return issued;
}

void Warn(schema::Diagnostics& diagnostics, const std::vector<std::string>& left, const std::vector<Journal::Notice>& notices) {
  for (const std::string& record : left) {
    diagnostics.Warning(base::Cat("Challenge record not removed: ", record),
                        "The next issuance from this directory removes it; it can also be removed by hand.");
  }
  for (const auto& [summary, detail] : notices) diagnostics.Warning(summary, detail);
}

Value Filled(const Value& planned, const std::vector<base::crypto::Certificate>& chain, const CertificatePayload& payload,
             const std::string& handle) {
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

}  // namespace

std::set<std::string> NormalNames(const std::vector<std::string>& names) {
  std::set<std::string> normal;
  for (const std::string& name : names) {
    if (const auto parsed = base::ParseDnsName(name, base::Wildcard::kAllowed)) normal.insert(*parsed);
  }
  return normal;
}

ChangeResult IssueCertificate(const base::Call& call, const Context& context, const schema::Schema& schema,
                              const ChangeRequest& request) {
  // A failure keeps what was there: on create nothing.
  ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
  const base::Call limited = call.Within(kIssueLimit);
  const Reader planned(schema.attributes, request.planned);
  const auto ca = OpenCa(context.sealer, planned.SecretText("external_ca").value_or(base::Secret()).Reveal());
  if (!ca) {
    result.diagnostics.Error("The CA cannot be used", ca.error(), "", Path::Of("external_ca"));
    return result;
  }
  ForgetSaved(context, request.prior);
  const std::string prior_id = request.prior.is_null() ? "" : request.prior.Get("certificate_id").AsString();
  IssuanceJournal journal(limited, context, *ca, Wanted(*ca, planned, call.Now()), prior_id);
  const auto issued = Issue(limited, context, *ca, planned, journal);
  journal.CareForLeft(limited);
  Warn(result.diagnostics, journal.warnings(), context.journal->TakeNotices());
  if (!issued) {
    result.diagnostics.Error("The certificate could not be issued", issued.error(), "", BlameFor(issued.error()));
    return result;
  }
  CertificatePayload payload{
      .certificate_id = journal.certificate_id(), .full_chain_pem = {}, .private_key_pem = journal.private_key_pem()};
  for (const auto& one : issued->chain) payload.full_chain_pem += one.pem;
  auto handle = SealCertificate(context.sealer, payload);
  if (!handle) {
    result.diagnostics.Error("The certificate cannot be sealed", handle.error(), "", Path::Of("handle"));
    return result;
  }
  result.stored.state = Filled(request.planned, issued->chain, payload, *handle);
  result.stored.private_data = ToText(CertificateMemory{.directory_url = ca->directory_url, .account_url = ca->account_url});
  return result;
}

}  // namespace resources
