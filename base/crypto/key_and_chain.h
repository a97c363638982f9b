// SPDX-License-Identifier: MPL-2.0
// A private key, or the signing request of one that is elsewhere, with its certificate chain, as other tools leave them: PEM
// blocks in one text, in any order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/crypto/certificate.h"
#include "base/crypto/key.h"
#include "base/result.h"
#include "base/secret.h"

namespace base::crypto {

struct KeyAndChain {
  std::optional<PrivateKey> key{};
  std::string csr_pem{};             // in place of the key
  std::vector<Certificate> chain{};  // the key's certificate first, the others in the order of the text
};

// `pem`: exactly one private key (PKCS #8, PKCS #1 or SEC 1, unencrypted) or one signing request, and at least its certificate.
// Errors: kInvalid (none of them or several, an unsupported key, what ParseCsr and ParseChain refuse, no certificate of this
// key).
Result<KeyAndChain> ParseKeyAndChain(const Secret& pem);

}  // namespace base::crypto
