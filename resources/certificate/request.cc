// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/request.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/domain_name.h"
#include "base/text.h"
#include "engine/acme/problem.h"
#include "engine/acme/renewal_info.h"
#include "resources/certificate/issue.h"
#include "resources/certificate/private_state.h"
#include "resources/certificate/renewal_window.h"

namespace resources::certificate {
namespace {

using base::Cat;
using base::Error;
using engine::acme::IssueRequest;
using schema::Reader;
using schema::cty::Path;
using schema::cty::Value;
using sealed::CaPayload;
using sealed::OpenCertificate;

// Beside the names. A change of one of them orders a new certificate.
constexpr std::array<std::string_view, 6> kContent = {"common_name",     "key_algorithm", "profile",
                                                      "preferred_chain", "validity",      "csr_pem"};
// What a signing request says itself, or what only a key of ours could do.
constexpr std::array<std::string_view, 3> kNotWithCsr = {"dns_names", "common_name", "key_algorithm"};

void ValidateCsr(const Reader& certificate, schema::Diagnostics& diagnostics) {
  for (const std::string_view name : kNotWithCsr) {
    if (!certificate.Raw(name).is_known()) continue;  // what is unknown may become null
    diagnostics.Error(Cat(name, " does not go with csr_pem"),
                      Cat("The signing request in csr_pem says it already. Remove ", name, " or csr_pem."),
                      Path::Of(std::string(name)));
  }
  if (certificate.Flag("export_private_key").value_or(false)) {
    diagnostics.Error("There is no private key to export",
                      "With csr_pem the provider never sees the private key. Remove export_private_key or csr_pem.",
                      Path::Of("export_private_key"));
  }
}

// The certificate that this order renews, if the same account of the same CA issued it (RFC 9773 section 5).
std::optional<std::string> Replaced(const Value& prior, const CertificateMemory& memory, const CaPayload& ca) {
  if (prior.is_null() || !prior.Get("certificate_pem").is_known()) return std::nullopt;
  if (memory.directory_url != ca.directory_url || memory.account_url != ca.account_url) return std::nullopt;
  const auto chain = base::crypto::ParseChain(prior.Get("certificate_pem").AsString());
  return chain ? engine::acme::RenewalId(chain->front()) : std::nullopt;
}

base::Result<void> SetCsr(std::string_view pem, IssueRequest& wanted) {
  auto csr = base::crypto::ParseCsr(pem);
  if (!csr) {
    Error error = std::move(csr).error();
    error.blame = {engine::acme::kCertificateSubject, "csr_pem"};
    return error;
  }
  wanted.dns_names = csr->dns_names;
  wanted.common_name = csr->common_name;
  wanted.csr = *std::move(csr);
  return {};
}

void SetNames(const Reader& planned, IssueRequest& wanted) {
  const std::set<std::string> names = NormalNames(planned.Texts("dns_names"));
  wanted.dns_names = {names.begin(), names.end()};
  if (const auto common_name = planned.Text("common_name")) {
    if (const auto parsed = base::ParseDnsName(*common_name, base::Wildcard::kAllowed)) wanted.common_name = *parsed;
  }
}

}  // namespace

void ValidateRequest(const Reader& certificate, schema::Diagnostics& diagnostics) {
  if (certificate.IsUnknown("csr_pem")) return;
  if (!certificate.IsNull("csr_pem")) return ValidateCsr(certificate, diagnostics);
  if (certificate.IsNull("dns_names")) {
    diagnostics.Error("No names", "Set dns_names, or csr_pem to a signing request that was made elsewhere.",
                      Path::Of("dns_names"));
    return;
  }
  const auto common_name = certificate.Text("common_name");
  if (!common_name || !certificate.Raw("dns_names").is_wholly_known()) return;
  const auto parsed = base::ParseDnsName(*common_name, base::Wildcard::kAllowed);
  if (!parsed || NormalNames(certificate.Texts("dns_names")).contains(*parsed)) return;
  diagnostics.Error("The common name is none of the names",
                    Cat("\"", *parsed, "\" is not among dns_names: add it there, or remove common_name."),
                    Path::Of("common_name"));
}

bool HasOtherContent(const std::vector<schema::Attribute>& attributes, const Value& prior, const Value& planned) {
  if (prior.Get("certificate_pem").is_null() || !planned.Get("dns_names").is_wholly_known()) return true;
  const bool differs = std::any_of(kContent.begin(), kContent.end(), [&](std::string_view name) {
    return planned.Get(name).is_unknown() || planned.Get(name) != prior.Get(name);
  });
  if (differs) return true;
  return NormalNames(Reader(attributes, prior).Texts("dns_names")) != NormalNames(Reader(attributes, planned).Texts("dns_names"));
}

base::Result<std::optional<base::crypto::PrivateKey>> KeyToOrderWith(const Context& context, const Reader& planned,
                                                                     const Value& prior) {
  if (!planned.IsNull("csr_pem")) return std::optional<base::crypto::PrivateKey>();
  const auto algorithm = *base::crypto::ParseKeyAlgorithm(*planned.Text("key_algorithm"));
  std::optional<base::crypto::PrivateKey> kept;
  if (!planned.Flag("rotate_private_key").value_or(true) && prior.Get("handle").is_known()) {
    auto opened = OpenCertificate(context.sealer, prior.Get("handle").AsString());
    if (!opened) {
      Error error = std::move(opened).error().While("taking over the private key");
      error.blame = {engine::acme::kCertificateSubject, "rotate_private_key"};
      return error;
    }
    // Of a signing request there is none.
    if (auto key = base::crypto::ParsePrivateKey(opened->private_key_pem)) kept = *std::move(key);
  }
  if (kept && kept->algorithm() == algorithm) return kept;
  auto made = base::crypto::GenerateKey(algorithm);
  if (!made) return std::move(made).error();
  return std::optional(*std::move(made));
}

base::Result<IssueRequest> MakeIssueRequest(const base::Call& call, const Reader& planned, const ChangeRequest& request,
                                            const CaPayload& ca) {
  IssueRequest wanted{.dns_names = {}, .profile = planned.Text("profile")};
  if (const auto csr_pem = planned.Text("csr_pem")) {
    if (auto set = SetCsr(*csr_pem, wanted); !set) return std::move(set).error();
  } else {
    SetNames(planned, wanted);
  }
  wanted.replaces = Replaced(request.prior, ParseCertificateMemory(request.planned_private), ca);
  if (const auto validity = ParseSpan(planned.Text("validity").value_or(""))) wanted.not_after = call.Now() + *validity;
  if (auto chain = planned.Text("preferred_chain")) {
    wanted.preferred_chain =
        engine::acme::PreferredChain{*std::move(chain), planned.Flag("preferred_chain_strict").value_or(false)};
  }
  return wanted;
}

}  // namespace resources::certificate
