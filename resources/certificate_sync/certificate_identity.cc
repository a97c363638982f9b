// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/certificate_identity.h"

#include <string_view>

#include "base/crypto/certificate.h"
#include "base/text.h"

namespace resources::certificate_sync {
namespace {

// As sealed::CertificateFacts makes them.
CertificateIdentity FromFacts(std::string_view facts) {
  const auto parts = base::Split(facts, '.');
  return {.certificate_id = parts[0],
          .key_algorithm = parts.size() > 1 ? parts[1] : std::string(),
          .destinations = sealed::DestinationsInFacts(facts)};
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
