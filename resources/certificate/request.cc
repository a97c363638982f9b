// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/request.h"

#include <set>

#include "base/text.h"
#include "engine/acme/problem.h"
#include "engine/acme/renewal_info.h"
#include "resources/certificate/renewal_window.h"
#include "resources/lost_keys.h"

namespace resources::certificate {
namespace {

using base::Cat;
using base::Error;
using engine::acme::IssueRequest;
using sealed::CaPayload;
using sealed::OpenCertificate;

// The certificate that this order renews, if the same account of the same CA issued it (RFC 9773 section 5).
std::optional<std::string> Replaced(const CertificateModel& prior, const PrivateState& memory, const CaPayload& ca) {
  if (memory.directory_url != ca.directory_url || memory.account_url != ca.account_url) return std::nullopt;
  const auto chain = base::crypto::ParseChain(prior.certificate_pem.OrEmpty());
  return chain ? engine::acme::RenewalId(chain->front()) : std::nullopt;
}

base::Result<void> SetCsr(std::string_view pem, IssueRequest& wanted) {
  auto csr = base::crypto::ParseCsr(pem);
  if (!csr) {
    Error error = std::move(csr).error();
    error.blame = {engine::acme::kCertificateSubject, CertificateModel::Schema().AttributeOf(&CertificateModel::csr_pem).name};
    return error;
  }
  wanted.dns_names = csr->dns_names;
  wanted.common_name = csr->common_name;
  wanted.csr = *std::move(csr);
  return {};
}

void SetNames(const CertificateModel& planned, IssueRequest& wanted) {
  const std::set<std::string> names = NormalNames(planned.dns_names.OrEmpty());
  wanted.dns_names = {names.begin(), names.end()};
  if (const auto common_name = planned.common_name.Get()) {
    if (const auto parsed = ParseName(*common_name)) wanted.common_name = *parsed;
  }
}

}  // namespace

void ValidateRequest(const CertificateModel& certificate, schema::Diagnostics& diagnostics) {
  if (certificate.csr_pem.is_unknown()) return;
  if (certificate.csr_pem.is_known()) {
    if (!certificate.export_private_key.OrEmpty()) return;
    diagnostics.Error("There is no private key to export",
                      "With `csr_pem`, the provider never sees the private key. Remove `export_private_key` or `csr_pem`.",
                      At(&CertificateModel::export_private_key));
    return;
  }
  if (certificate.dns_names.is_null()) {
    diagnostics.Error("`dns_names` is missing", "Set `dns_names`, or `csr_pem` to a signing request that was made elsewhere.",
                      At(&CertificateModel::dns_names));
    return;
  }
  const auto common_name = certificate.common_name.Get();
  const auto names = certificate.dns_names.Get();
  if (!common_name || !names) return;
  const auto parsed = ParseName(*common_name);
  if (!parsed || NormalNames(*names).contains(*parsed)) return;
  diagnostics.Error("`common_name` is not one of `dns_names`",
                    Cat("Add \"", *parsed, "\" to `dns_names`, or remove `common_name`."), At(&CertificateModel::common_name));
}

schema::Field<std::set<std::string>> OrderedNames(const CertificateModel& certificate) {
  schema::Field<std::set<std::string>> names;
  if (!certificate.csr_pem.is_wholly_known() || !certificate.dns_names.is_wholly_known()) return names.SetUnknown();
  if (const auto csr_pem = certificate.csr_pem.Get()) {
    const auto csr = base::crypto::ParseCsr(*csr_pem);
    if (csr) names = std::set<std::string>(csr->dns_names.begin(), csr->dns_names.end());
  } else if (const auto written = certificate.dns_names.Get()) {
    names = NormalNames(*written);
  }
  return names;
}

base::Result<std::optional<base::crypto::PrivateKey>> SelectPrivateKey(const Context& context, const CertificateModel& planned,
                                                                       const CertificateModel& prior) {
  if (!planned.csr_pem.is_null()) return std::optional<base::crypto::PrivateKey>();
  const auto algorithm = *base::crypto::ParseKeyAlgorithm(planned.key_algorithm.OrEmpty());
  std::optional<base::crypto::PrivateKey> kept;
  if (!planned.rotate_private_key.Or(true) && prior.handle.is_known() && !IsAbandoned(context, prior.handle)) {
    auto opened = OpenCertificate(context.sealer, prior.handle.OrEmpty().Reveal());
    if (!opened) {
      Error error = std::move(opened).error().While("reusing the private key");
      error.blame = {engine::acme::kCertificateSubject,
                     CertificateModel::Schema().AttributeOf(&CertificateModel::rotate_private_key).name};
      return error;
    }
    // A certificate that was ordered with a signing request has none.
    if (auto key = base::crypto::ParsePrivateKey(opened->private_key_pem)) kept = *std::move(key);
  }
  if (kept && kept->algorithm() == algorithm) return kept;
  auto made = base::crypto::GenerateKey(algorithm);
  if (!made) return std::move(made).error();
  return std::optional(*std::move(made));
}

base::Result<IssueRequest> MakeIssueRequest(const base::Call& call, const CertificateModel& planned,
                                            const CertificateModel& prior, const PrivateState& memory, const CaPayload& ca) {
  IssueRequest wanted{.dns_names = {}, .profile = planned.profile.Get()};
  if (const auto csr_pem = planned.csr_pem.Get()) {
    if (auto set = SetCsr(*csr_pem, wanted); !set) return std::move(set).error();
  } else {
    SetNames(planned, wanted);
  }
  wanted.replaces = Replaced(prior, memory, ca);
  if (const auto validity = ParseSpan(planned.validity.OrEmpty())) wanted.not_after = call.Now() + *validity;
  if (auto chain = planned.preferred_chain.Get()) {
    wanted.preferred_chain = engine::acme::PreferredChain{*std::move(chain), planned.preferred_chain_strict.OrEmpty()};
  }
  return wanted;
}

}  // namespace resources::certificate
