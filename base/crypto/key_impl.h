// SPDX-License-Identifier: MPL-2.0
// What a PrivateKey holds. Only base/crypto includes this.
#pragma once

#include "base/crypto/key.h"
#include "base/crypto/openssl_handle.h"

namespace base::crypto {

struct PrivateKey::Impl {
  PkeyHandle pkey;
  KeyAlgorithm algorithm;
};

// OpenSSL takes no const keys although these calls only read.
inline EVP_PKEY* Pkey(const PrivateKey& key) { return key.impl().pkey.get(); }

// The digest that goes with the key: SHA-384 for P-384, else SHA-256.
inline const char* DigestName(const PrivateKey& key) { return key.algorithm() == KeyAlgorithm::kEcP384 ? "SHA384" : "SHA256"; }

}  // namespace base::crypto
