// SPDX-License-Identifier: MPL-2.0
// A private key with its certificate chain, as other tools leave them: PEM blocks in one text, in any order.
#pragma once

#include <vector>

#include "base/crypto/certificate.h"
#include "base/crypto/key.h"
#include "base/result.h"
#include "base/secret.h"

namespace base::crypto {

struct KeyAndChain {
  PrivateKey key;
  std::vector<Certificate> chain;  // the key's certificate first, the others in the order of the text
};

// `pem`: exactly one private key (PKCS #8, PKCS #1 or SEC 1, unencrypted) and at least its certificate. Errors: kInvalid (no key
// or several, an unsupported one, what ParseChain refuses, no certificate of this key).
Result<KeyAndChain> ParseKeyAndChain(const Secret& pem);

}  // namespace base::crypto
