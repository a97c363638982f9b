// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/bundle.h"

#include "base/crypto/digest.h"
#include "base/crypto/key.h"
#include "base/encoding.h"

namespace engine::sync {

base::Result<Bundle> MakeBundle(std::string certificate_id, std::string_view full_chain_pem,
                                const base::Secret& private_key_pem) {
  auto chain = base::crypto::ParseChain(full_chain_pem);
  if (!chain) return std::move(chain).error().While("reading the certificate chain");
  if (private_key_pem.Reveal().empty()) {
    return base::Error{
        base::ErrorKind::kInvalid,
        "the certificate was ordered with csr_pem, so that its private key is not known here and cannot be deployed"};
  }
  const auto key = base::crypto::ParsePrivateKey(private_key_pem);
  if (!key) return base::Error(key.error()).While("reading the certificate's private key");
  if (key->PublicKeyDer() != chain->front().public_key_der) {
    return base::Error{base::ErrorKind::kInvalid, "the private key does not belong to the certificate"};
  }
  // Whatever form it was given in: every destination gets PKCS #8.
  return Bundle{.certificate_id = std::move(certificate_id), .chain = *std::move(chain), .private_key_pem = key->ToPem()};
}

std::string JoinPem(std::span<const base::crypto::Certificate> chain) {
  std::string pem;
  for (const auto& one : chain) pem.append(one.pem);
  return pem;
}

const base::crypto::Certificate* Bundle::FindRoot() const {
  return chain.size() > 1 && chain.back().is_self_issued ? &chain.back() : nullptr;
}

std::span<const base::crypto::Certificate> Bundle::WithoutRoot() const {
  return std::span(chain).first(chain.size() - (FindRoot() == nullptr ? 0 : 1));
}

std::string Bundle::ChainSha256() const {
  std::string all;
  for (const auto& one : chain) all.append(one.der);
  return base::Hex(base::crypto::Sha256(all));
}

}  // namespace engine::sync
