// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/import.h"

#include "base/crypto/csr.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/time_format.h"
#include "resources/certificate/model.h"
#include "resources/certificate/private_state.h"
#include "resources/certificate/renewal_window.h"
#include "resources/deferred_sealing.h"
#include "resources/sealed/payload.h"
#include "schema/roles.h"

namespace resources::certificate {
namespace {

using base::Result;
using base::crypto::KeyAndChain;
using schema::cty::Value;
using sealed::CertificatePayload;
using sealed::OpenCa;
using sealed::OpenCertificate;
using sealed::ReadHandlePrefix;
using sealed::Sealer;
using sealed::ToSealable;

Result<KeyAndChain> ReadFiles(std::string_view paths) {
  base::Secret all;
  for (const std::string& part : base::Split(paths, ',')) {
    const std::string path(base::Trim(part));
    const auto content = base::ReadSmallFile(path);
    if (!content || content->empty()) {
      return base::Error{base::ErrorKind::kInvalid, base::Cat("the file ", base::Printable(path, 200),
                                                              " cannot be read, is empty, or is longer than 1 MiB")};
    }
    all = base::Secret(base::Cat(all.Reveal(), content->Reveal(), '\n'));
  }
  return base::crypto::ParseKeyAndChain(all);
}

Result<Stored> ImportHandle(const Sealer& sealer, std::string_view handle) {
  const auto opened = OpenCertificate(sealer, handle);
  if (!opened) return opened.error();
  if (opened->private_key_pem.empty()) {
    auto chain = base::crypto::ParseChain(opened->full_chain_pem);
    if (!chain) return std::move(chain).error();
    return AdoptCertificate(sealer, KeyAndChain{.chain = *std::move(chain)}, opened->certificate_id, opened->destinations);
  }
  const auto found =
      base::crypto::ParseKeyAndChain(base::Secret(base::Cat(opened->private_key_pem.Reveal(), opened->full_chain_pem)));
  if (!found) return found.error();
  return AdoptCertificate(sealer, *found, opened->certificate_id, opened->destinations);
}

Result<Stored> ImportFrom(const Sealer& sealer, std::string_view id) {
  if (sealer.state() != Sealer::State::kReady) {
    return base::Error{base::ErrorKind::kInvalid, "the sealing key is not known yet: import when it is"};
  }
  if (ReadHandlePrefix(id)) return ImportHandle(sealer, id);
  // Without a key, the private key would enter the state as it is.
  if (sealer.state() == Sealer::State::kMissing) {
    return base::Error{base::ErrorKind::kInvalid, "the provider has no sealing key: set CERTWRIGHT_SEALING_KEY"};
  }
  const auto found = ReadFiles(id);
  if (!found) return found.error();
  return AdoptCertificate(sealer, *found);
}

// As the configuration would ask for it.
void SetRequest(const KeyAndChain& found, CertificateModel& state) {
  const auto& leaf = found.chain.front();
  if (!found.key) {
    if (!found.csr_pem.empty()) state.csr_pem = found.csr_pem;
    return;
  }
  state.dns_names = std::set<std::string>(leaf.dns_names.begin(), leaf.dns_names.end());
  if (!leaf.subject_common_name.empty()) state.common_name = leaf.subject_common_name;
  state.key_algorithm = std::string(base::crypto::NameOf(found.key->algorithm()));
}

CertificateModel StateOf(const KeyAndChain& found, const std::string& certificate_id) {
  const auto& leaf = found.chain.front();
  Issuance issuance{.certificate_id = certificate_id, .chain = found.chain};
  issuance.renewal.due_at = base::FormatRfc3339(RenewalDueAt(leaf.not_before, leaf.not_after));
  CertificateModel state;
  SetRequest(found, state);
  state.dns_names_ascii = std::set<std::string>(leaf.dns_names.begin(), leaf.dns_names.end());
  state.export_private_key = false;
  state.id = state.certificate_id = certificate_id;
  state.issued_because = IssuedBecause::kImported;
  state.issued_because_detail = "it was imported or moved here";
  CertificateModel::Schema().Fill(issuance, state);
  return state;
}

std::set<std::string> SetOf(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

// True if the certificate has the key and the names of `csr_pem`, however that is formatted.
bool IsOf(const schema::Field<std::string>& certificate_pem, const schema::Field<std::string>& csr_pem) {
  const auto csr = base::crypto::ParseCsr(csr_pem.OrEmpty());
  const auto chain = base::crypto::ParseChain(certificate_pem.OrEmpty());
  if (!csr || !chain || csr->public_key_der != chain->front().public_key_der) return false;
  return NormalNames(SetOf(csr->dns_names)) == NormalNames(SetOf(chain->front().dns_names));
}

// The CA that the configuration names becomes the certificate's, as soon as it is known.
PrivateState WithCa(const Context& context, const schema::Field<base::Secret>& handle, PrivateState memory,
                    schema::Diagnostics& diagnostics) {
  if (!handle.is_known() || context.sealer.state() != Sealer::State::kReady) return memory;
  const auto ca = OpenCa(context.sealer, handle.OrEmpty().Reveal());
  if (!ca) {
    diagnostics.Error("The CA cannot be used", ca.error(), "", At(&CertificateModel::external_ca));
    return memory;
  }
  memory.directory_url = ca->directory_url;
  memory.account_url = ca->account_url;
  return memory;
}

}  // namespace

Result<Stored> AdoptCertificate(const Sealer& sealer, const KeyAndChain& found, std::string certificate_id,
                                sealed::AllowedDestinations destinations) {
  if (certificate_id.empty()) certificate_id = found.chain.front().fingerprint_sha256.substr(0, 32);
  CertificatePayload payload{.certificate_id = certificate_id,
                             .full_chain_pem = {},
                             .private_key_pem = found.key ? found.key->ToPem() : base::Secret(),
                             .destinations = std::move(destinations)};
  for (const auto& one : found.chain) payload.full_chain_pem += one.pem;
  const CertificateModel state = StateOf(found, certificate_id);
  return SealNowOrLater(sealer, ToSealable(payload), CertificateModel::Schema().Write(state));
}

ImportResult ImportCertificate(const Context& context, std::string_view id) {
  ImportResult result{.stored = {.state = Value::Null(CertificateModel::Schema().type())}};
  auto imported = ImportFrom(context.sealer, id);
  if (imported) {
    result.stored = *std::move(imported);
  } else {
    result.diagnostics.Error("The certificate cannot be imported", imported.error(),
                             "Import it by the path of a PEM file with its private key, the certificate and the CA's chain (or "
                             "several paths separated by commas), or by the `handle` of a certificate in another state. "
                             "If the key is elsewhere, give the signing request (`csr_pem`) instead of the key.");
  }
  return result;
}

std::optional<schema::PlanRequest> PlanAfterImport(const Context& context, const schema::PlanRequest& request,
                                                   schema::PlanResult& result) {
  const auto& model = CertificateModel::Schema();
  CertificateModel prior = model.Read(request.prior);
  CertificateModel planned = model.Read(result.planned);
  if (request.prior.is_null() || !prior.external_ca.is_null() || planned.external_ca.is_null()) return std::nullopt;
  if (const auto sealed = CheckSealed({request.prior, request.prior_private}); !sealed) {
    result.diagnostics.Error("The certificate is not sealed", sealed.error(), "", At(&CertificateModel::handle));
    return std::nullopt;
  }
  const PrivateState memory = WithCa(context, planned.external_ca, ParsePrivateState(request.prior_private), result.diagnostics);
  prior = model.Read(schema::TakeAfterImport(model.attributes(), request.prior, result.planned));
  if (prior.key_algorithm.is_null() && IsOf(prior.certificate_pem, planned.csr_pem)) prior.csr_pem = planned.csr_pem;
  // Dropping common_name takes effect at the next renewal; it does not re-issue now.
  if (planned.common_name.is_null()) prior.common_name.SetNull();
  planned.handle = prior.handle;
  schema::PlanRequest settled = request;
  settled.prior = model.Write(prior);
  settled.prior_private = ToText(memory);
  result.planned_private = settled.prior_private;
  result.planned = model.Write(planned);
  return settled;
}

}  // namespace resources::certificate
