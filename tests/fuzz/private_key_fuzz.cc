// SPDX-License-Identifier: MPL-2.0
// A private key that is taken is written and read again as the same key; the key or the
// signing request of a chain is that of its first certificate.
#include <string>

#include "base/crypto/csr.h"
#include "base/crypto/key.h"
#include "base/crypto/key_and_chain.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fuzz::Require;
  const base::Secret pem{std::string(fuzz::Text(data, size))};
  if (const auto key = base::crypto::ParsePrivateKey(pem)) {
    const auto again = base::crypto::ParsePrivateKey(key->ToPem());
    Require(again && again->PublicKeyDer() == key->PublicKeyDer(), "a key is written and read again");
    Require(base::crypto::ParseKeyAlgorithm(base::crypto::NameOf(key->algorithm())) == key->algorithm(),
            "its algorithm is known");
  }
  if (const auto both = base::crypto::ParseKeyAndChain(pem)) {
    Require(both->key.has_value() == both->csr_pem.empty(), "there is a key, or a signing request of one");
    const auto csr = base::crypto::ParseCsr(both->csr_pem);
    Require(both->key || csr, "the signing request is one");
    const std::string public_key = both->key ? both->key->PublicKeyDer() : csr->public_key_der;
    Require(!both->chain.empty() && both->chain.front().public_key_der == public_key, "key and leaf belong together");
  }
  return 0;
}
