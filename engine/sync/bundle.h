// SPDX-License-Identifier: MPL-2.0
// Bundle: a certificate with its chain and key, ready to be deployed.
#pragma once

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
};

// Errors: kInvalid when the key is empty (a certificate ordered with a signing request), when the chain is unreadable or the key
// is not the leaf's.
base::Result<Bundle> MakeBundle(std::string certificate_id, std::string_view full_chain_pem, const base::Secret& private_key_pem);

}  // namespace engine::sync
