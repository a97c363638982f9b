// SPDX-License-Identifier: MPL-2.0
// Bundle: a certificate with its chain and key, ready to be deployed.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/crypto/certificate.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::sync {

struct Bundle {
  std::string certificate_id;                    // 32 hex digits, the same across renewals
  std::vector<base::crypto::Certificate> chain;  // leaf first
  base::Secret private_key_pem;                  // PKCS #8

  std::string ChainSha256() const;  // lower-case hex, over the DER of the whole chain
  // The certificates above the leaf, or all without the root.
  std::span<const base::crypto::Certificate> AboveLeaf() const { return std::span(chain).subspan(1); }
  std::span<const base::crypto::Certificate> WithoutRoot() const;
  // Null if the chain ends below the root, as most do.
  const base::crypto::Certificate* FindRoot() const;
};

// One after another.
std::string JoinPem(std::span<const base::crypto::Certificate> chain);

// Errors: kInvalid when the key is empty (a certificate ordered with a signing request), when the chain is unreadable or the key
// is not the leaf's.
base::Result<Bundle> MakeBundle(std::string certificate_id, std::string_view full_chain_pem, const base::Secret& private_key_pem);

}  // namespace engine::sync
