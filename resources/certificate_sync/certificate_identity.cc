// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/certificate_identity.h"

#include <string_view>

#include "base/crypto/certificate.h"
#include "resources/sealed/payload.h"

namespace resources::certificate_sync {
namespace {

// "<certificate id>.<key algorithm>"
CertificateIdentity FromFacts(std::string_view facts) {
  const std::size_t dot = facts.find('.');
  return {.certificate_id = std::string(facts.substr(0, dot)),
          .key_algorithm = dot == std::string_view::npos ? std::string() : std::string(facts.substr(dot + 1))};
}

}  // namespace

CertificateIdentity IdentityOf(const Context& context, const schema::Field<std::string>& handle) {
  using sealed::handle_kind::kCertificate;
  if (handle.is_unknown()) {
    return FromFacts(sealed::FactsInPrefix(kCertificate, handle.value().refinement().string_prefix));
  }
  const auto prefix = sealed::ReadHandlePrefix(handle.OrEmpty());
  if (!prefix || prefix->kind != kCertificate) return {};
  if (!prefix->facts.empty()) return FromFacts(prefix->facts);
  const auto opened = sealed::OpenCertificate(context.sealer, handle.OrEmpty());
  if (!opened) return {};
  const auto chain = base::crypto::ParseChain(opened->full_chain_pem);
  return {.certificate_id = opened->certificate_id, .key_algorithm = chain ? chain->front().key_type : std::string()};
}

}  // namespace resources::certificate_sync
