// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/issue.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/issue.h"
#include "engine/acme/problem.h"
#include "engine/dns/caa_check.h"
#include "engine/dns/dns01_solver.h"
#include "engine/dns/persistent_records.h"
#include "engine/vendors/catalog.h"
#include "resources/acme_clients.h"
#include "resources/certificate/issuance_journal.h"
#include "resources/certificate/private_state.h"
#include "resources/certificate/profiles.h"
#include "resources/certificate/renewal.h"
#include "resources/certificate/request.h"
#include "resources/extension_block.h"
#include "resources/sealed/payload.h"
#include "schema/roles.h"

namespace resources::certificate {
namespace {

using engine::acme::IsProblem;
using schema::cty::Path;
using sealed::CaPayload;
using sealed::CertificatePayload;
using sealed::Journal;
using sealed::SealCertificate;

constexpr std::chrono::minutes kIssueLimit{15};
constexpr std::chrono::seconds kRenewalLimit{10};
constexpr std::chrono::hours kClockSkew{1};  // clocks of runners are off at times

// Boulder and Pebble call a deactivated account unauthorized, as they do a failed challenge.
bool IsAboutAccount(const base::Error& error) {
  const bool deactivated = error.message.find("deactivated") != std::string::npos;
  return IsProblem(error, "accountDoesNotExist") || (IsProblem(error, "unauthorized") && deactivated);
}

std::string AdviceFor(const base::Error& error) {
  if (error.code == engine::dns::kCaaCode) {
    return "Change the CAA records, or choose another CA. To leave the decision to the CA, set `check_caa = false` in the "
           "certwright_external_ca_acme.";
  }
  if (error.code == engine::dns::kPersistentCode) {
    return "Create the TXT record: the function `dns_persist_record` makes its name and value from `dns_persist` of the "
           "certwright_external_ca_acme. If a DNS resource of the same configuration does, let the certificate depend on it "
           "(`depends_on`). To leave the decision to the CA, set `propagation = { disable = true }` there.";
  }
  if (!IsAboutAccount(error)) return {};
  return "The CA does not take orders of this account any more. `terraform apply -replace=<address of the "
         "certwright_external_ca_acme>` makes a new one, and orders the certificate with it.";
}

// The certificate's attribute to correct: the one that is blamed or that the CA's problem is about; `external_ca` for a failure
// of the CA, its account, or the DNS connections.
Path PathOfFailure(const base::Error& error, const CertificateModel& planned) {
  if (auto blamed = PathOfBlame(error, engine::acme::kCertificateSubject)) return *std::move(blamed);
  if (IsAboutAccount(error)) return At(&CertificateModel::external_ca);
  if (error.code == engine::dns::kCaaCode || error.code == engine::dns::kPersistentCode) return At(&CertificateModel::dns_names);
  constexpr std::array<std::string_view, 7> kNames = {"rejectedIdentifier", "unsupportedIdentifier", "caa",       "dns",
                                                      "unauthorized",       "incorrectResponse",     "connection"};
  const auto is_problem = [&](std::string_view type) { return IsProblem(error, type); };
  if (is_problem("badCSR") || is_problem("badPublicKey")) {
    return At(planned.csr_pem.is_null() ? &CertificateModel::key_algorithm : &CertificateModel::csr_pem);
  }
  if (is_problem("invalidProfile")) return At(&CertificateModel::profile);
  // Most CAs refuse notAfter, as malformed; what else is malformed at newOrder are the names.
  if (is_problem("malformed") && !planned.validity.is_null()) return At(&CertificateModel::validity);
  const bool is_at_order =
      std::find(error.while_doing.begin(), error.while_doing.end(), engine::acme::kPlacingOrder) != error.while_doing.end();
  if (is_problem("malformed") && is_at_order)
    return planned.csr_pem.is_null() ? At(&CertificateModel::dns_names) : At(&CertificateModel::csr_pem);
  if (std::any_of(kNames.begin(), kNames.end(), is_problem)) return At(&CertificateModel::dns_names);
  return At(&CertificateModel::external_ca);
}

// What the journal says of the issuance before it begins. A later run resumes it if all of this is the same.
IssuanceEntry EntryFor(const CaPayload& ca, const CertificateModel& planned, const engine::acme::IssueRequest& wanted,
                       base::TimePoint now) {
  const auto& model = CertificateModel::Schema();
  return {.configuration = ConfigurationDigest(
              {ca.directory_url, ca.account_url, schema::DescribeRequest(model.attributes(), model.Write(planned))}),
          .began = now,
          .external_ca = std::string(planned.external_ca.OrEmpty().Reveal()),
          .account_url = ca.account_url,
          .dns_names = wanted.dns_names};
}

// The key of an earlier run that was interrupted, or what SelectPrivateKey returns.
base::Result<std::optional<base::crypto::PrivateKey>> KeyFor(const Context& context, const CertificateModel& planned,
                                                             const CertificateModel& prior, IssuanceJournal& journal) {
  if (!journal.private_key_pem().empty()) {
    auto left = base::crypto::ParsePrivateKey(journal.private_key_pem());
    if (!left) return std::move(left).error().While("reading the private key of an earlier run");
    return std::optional(*std::move(left));
  }
  auto key = SelectPrivateKey(context, planned, prior);
  if (key && *key) journal.SetKey((*key)->ToPem());
  return key;
}

base::Result<engine::acme::Issued> Order(const base::Call& call, const Context& context, const CaPayload& ca,
                                         const engine::acme::IssueRequest& wanted, IssuanceJournal& journal) {
  auto account_key = context.acme->ReadAccountKey(ca.account_key_pem);
  if (!account_key) return std::move(account_key).error().While("reading the account key");
  auto client = context.acme->Get(ca.directory_url, ca.trusted_roots_pem);
  if (!client) return std::move(client).error();
  const auto validation = engine::acme::ParseValidationMethod(ca.validation.empty() ? "dns-01" : ca.validation);
  if (!validation) return base::Error{base::ErrorKind::kInvalid, base::Cat("the CA's validation is unknown: ", ca.validation)};
  const engine::dns::SolverOptions options{
      .connections = ca.dns,
      .propagation = ca.propagation,
      .deps = {.providers = context.deps(), .find_provider = engine::vendors::FindDnsProvider},
      .journal = &journal};
  const bool is_persistent = *validation == engine::acme::ValidationMethod::kDnsPersist01;
  auto solver = is_persistent ? engine::dns::MakePersistentRecordSolver(options) : engine::dns::MakeDns01Solver(options);
  if (solver && ca.check_caa) {
    const auto directory = engine::acme::FetchDirectory(call, **client, engine::acme::Patience::kOrder);
    if (!directory) return directory.error();
    if (!directory->caa_identities.empty()) {
      solver = engine::dns::WithCaaCheck(*std::move(solver), options,
                                         {.names = wanted.dns_names,
                                          .issuer = {.identities = directory->caa_identities,
                                                     .account_url = ca.account_url,
                                                     .validation_method = std::string(NameOf(*validation))}});
    }
  }
  if (!solver) return std::move(solver).error().While("setting up the validation");
  const engine::acme::Account account{.url = ca.account_url, .key = *std::move(account_key), .validation = *validation};
  return engine::acme::Issue(call, **client, account, wanted, **solver);
}

// Delivers the certificate of an earlier run that was interrupted, or orders one; records the outcome in the journal.
base::Result<engine::acme::Issued> Issue(const base::Call& call, const Context& context, const CaPayload& ca,
                                         const CertificateModel& planned, const CertificateModel& prior,
                                         engine::acme::IssueRequest wanted, IssuanceJournal& journal) {
  if (auto issued = journal.FindIssued()) {
    call.log.Info("certificate of an earlier run taken over", {{base::key::kCertificateId, journal.certificate_id()}});
    return *std::move(issued);
  }
  auto key = KeyFor(context, planned, prior, journal);
  if (!key) return std::move(key).error();
  wanted.key = *std::move(key);
  wanted.left_order = journal.left_order();
  wanted.checkpoints = &journal;
  auto issued = Order(call, context, ca, wanted, journal);
  journal.Conclude(issued);
  return issued;
}

void WarnOfLeft(schema::Diagnostics& diagnostics, const std::vector<std::string>& left,
                const std::vector<Journal::Notice>& notices) {
  for (const std::string& record : left) {
    diagnostics.Warning(base::Cat("Challenge record not removed: ", record),
                        "The next issuance from this directory removes it; it can also be removed by hand.");
  }
  for (const auto& [summary, detail] : notices) diagnostics.Warning(summary, detail);
}

void WarnOfLostOrder(const engine::acme::Issued& issued, schema::Diagnostics& diagnostics) {
  if (issued.lost_order.empty()) return;
  diagnostics.Warning(
      base::Cat("The CA lost an order: ", base::Printable(issued.lost_order, 200)),
      "It was finalized by an earlier run, and the CA did not find it in two runs. A new certificate was ordered in "
      "its place. If the CA issued the first one, it counts towards its rate limits.");
}

// What the CA did otherwise than it was asked to.
void WarnOfLeaf(const base::Call& call, const base::crypto::Certificate& leaf, const std::vector<std::string>& ordered,
                schema::Diagnostics& diagnostics) {
  std::vector<std::string> extra;
  std::copy_if(leaf.dns_names.begin(), leaf.dns_names.end(), std::back_inserter(extra),
               [&](const std::string& name) { return std::find(ordered.begin(), ordered.end(), name) == ordered.end(); });
  if (!extra.empty()) {
    diagnostics.Warning("The CA added names to the certificate",
                        base::Cat("It is also for ", base::Printable(base::Join(extra, ", "), 1000),
                                  ", which were not ordered. Check the CA's template or product."),
                        At(&CertificateModel::dns_names));
  }
  const bool is_early = leaf.not_before > call.Now() + kClockSkew;
  if (!is_early && leaf.not_after > call.Now()) return;
  diagnostics.Warning("This machine's clock does not fit the certificate",
                      base::Cat("The certificate is valid from ", base::FormatRfc3339(leaf.not_before), " to ",
                                base::FormatRfc3339(leaf.not_after), ", and this machine's time is ",
                                base::FormatRfc3339(call.Now()), ". Set the clock: renewals go by it."));
}

void WarnOf(const base::Call& call, const engine::acme::Issued& issued, const std::vector<std::string>& ordered,
            const CertificateModel& planned, schema::Diagnostics& diagnostics) {
  WarnOfLostOrder(issued, diagnostics);
  WarnOfLeaf(call, issued.chain.front(), ordered, diagnostics);
  if (!issued.unknown_root.empty()) {
    diagnostics.Warning(
        "A certificate chain does not end at a root that this machine trusts",
        base::Cat("The chain ends at \"", issued.unknown_root,
                  "\", which is neither among the system's roots nor in `trusted_roots_pem` of the CA. This is usual for a CA's "
                  "staging environment, whose certificates nobody trusts. For a private CA, add its root to "
                  "`trusted_roots_pem`."));
  }
  if (!issued.other_chains.empty()) {
    diagnostics.Warning("The preferred chain is not offered",
                        base::Cat("The CA offers no chain with \"", planned.preferred_chain.OrEmpty(),
                                  "\"; its chains end at: ", base::Join(issued.other_chains, ", "),
                                  ". Its own choice was taken. Set preferred_chain_strict to make this an error."),
                        At(&CertificateModel::preferred_chain));
  }
}

// The CA is asked at once, so that the next plan knows the window and asks nothing.
Renewal FirstRenewal(const base::Call& call, const Context& context, const CertificateModel& planned,
                     const base::crypto::Certificate& leaf, PrivateState& memory) {
  std::optional<Renewal> renewal;
  if (MayAskCa(planned, memory, call.Now())) renewal = AskCa(call.Within(kRenewalLimit), context, planned, leaf, memory);
  return renewal.value_or(Renewal{.due_at = RenewalDueAt(leaf.not_before, leaf.not_after, RenewBeforeOf(planned))});
}

void LogIssued(const base::Log& log, const CertificateModel& certificate) {
  const auto because = schema::Codec<IssuedBecause>::To(certificate.issued_because.Or(IssuedBecause::kFirstIssuance));
  const bool is_renewal = certificate.issued_because.Get() == IssuedBecause::kRenewal;
  log.Info(is_renewal ? "certificate renewed" : "certificate issued",
           {{base::key::kCertificateId, certificate.certificate_id.OrEmpty()},
            {base::key::kStep, base::Cat(because.AsString(), ": ", certificate.issued_because_detail.OrEmpty())}});
}

}  // namespace

ChangeResult IssueCertificate(const base::Call& call, const Context& context, const ChangeRequest& request) {
  // A failure keeps what was there: on create nothing.
  ChangeResult result{.stored = {.state = request.prior, .private_data = request.planned_private}};
  const auto& model = CertificateModel::Schema();
  const CertificateModel prior = model.Read(request.prior);
  CertificateModel planned = model.Read(request.planned);
  const bool is_new = request.prior.is_null();
  const auto issuer = OpenIssuer(context.sealer, planned.external_ca.OrEmpty().Reveal());
  if (!issuer) {
    result.diagnostics.Error("The CA cannot be used", issuer.error(), "", At(&CertificateModel::external_ca));
    return result;
  }
  CheckOrder(*issuer, planned, result.diagnostics);
  if (result.diagnostics.HasErrors()) return result;
  const CaPayload& ca = issuer->ca;
  auto wanted = MakeIssueRequest(call, planned, prior, ReadPrivateState(context, prior, request.planned_private), ca);
  if (!wanted) {
    result.diagnostics.Error("The certificate could not be issued", wanted.error(), "", PathOfFailure(wanted.error(), planned));
    return result;
  }
  const base::Call limited = WithTimeout(call, planned.timeouts, is_new ? &Timeouts::create : &Timeouts::update, kIssueLimit);
  ForgetSaved(context, prior);
  const auto journal =
      IssuanceJournal::Open(limited, context, ca, EntryFor(ca, planned, *wanted, call.Now()), prior.certificate_id.OrEmpty());
  const std::vector<std::string> ordered = wanted->dns_names;
  const auto issued = Issue(limited, context, ca, planned, prior, *std::move(wanted), *journal);
  journal->CareForLeft(limited);
  WarnOfLeft(result.diagnostics, journal->warnings(), context.journal->TakeNotices());
  if (!issued) {
    std::string advice = AdviceFor(issued.error());
    if (limited.TimeLeft().count() == 0) {
      advice = base::Cat("The time limit `timeouts.", is_new ? "create" : "update", "` has passed; it is 15 minutes unless set.");
    }
    result.diagnostics.Error("The certificate could not be issued", issued.error(), std::move(advice),
                             PathOfFailure(issued.error(), planned));
    return result;
  }
  WarnOf(call, *issued, ordered, planned, result.diagnostics);
  CertificatePayload payload{.certificate_id = journal->certificate_id(),
                             .full_chain_pem = {},
                             .private_key_pem = journal->private_key_pem(),
                             .destinations = DestinationsOf(*issuer)};
  for (const auto& one : issued->chain) payload.full_chain_pem += one.pem;
  auto handle = SealCertificate(context.sealer, payload);
  if (!handle) {
    result.diagnostics.Error("The certificate cannot be sealed", handle.error(), "", At(&CertificateModel::handle));
    return result;
  }
  PrivateState memory{.directory_url = ca.directory_url,
                      .account_url = ca.account_url,
                      .profile_id = issuer->profiles.empty() ? std::string() : issuer->profiles.back().id,
                      .defaults = TakenDefaults(request.config, DefaultsOf(*issuer), request.planned)};
  Issuance issuance{.certificate_id = payload.certificate_id, .chain = issued->chain};
  issuance.handle = base::Secret(*std::move(handle));
  issuance.renewal = ToModel(FirstRenewal(call, context, planned, issued->chain.front(), memory));
  planned.id = planned.certificate_id = payload.certificate_id;
  planned.dns_names_ascii = std::set<std::string>(ordered.begin(), ordered.end());
  model.Fill(issuance, planned);
  WarnOfRenewal(planned, result.diagnostics);
  if (planned.private_key_pem.is_unknown()) planned.private_key_pem = payload.private_key_pem;
  result.stored = {.state = model.Write(planned), .private_data = ToText(memory)};
  LogIssued(call.log, planned);
  if (is_new) context.issuances->Note(ca.directory_url, issued->chain.front().dns_names);
  return result;
}

}  // namespace resources::certificate
