// SPDX-License-Identifier: MPL-2.0
// A private key that is taken is written and read again as the same key; the key of a chain is the key of its first certificate.
#include <string>

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
    Require(!both->chain.empty(), "there is a certificate");
    Require(!both->key || both->chain.front().public_key_der == both->key->PublicKeyDer(), "key and leaf belong together");
  }
  return 0;
}
