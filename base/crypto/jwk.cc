// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/jwk.h"

#include <openssl/core_names.h>

#include "base/crypto/digest.h"
#include "base/crypto/key_impl.h"
#include "base/encoding.h"
#include "base/text.h"

namespace base::crypto {
namespace {

// A number of the public key as base64url. `width`: in bytes; 0 for as many as it needs (RFC 7518 section 2, Base64urlUInt).
std::string Number(const PrivateKey& key, const char* parameter, std::size_t width) {
  BIGNUM* raw = nullptr;
  Require(EVP_PKEY_get_bn_param(Pkey(key), parameter, &raw) == 1);
  const BignumHandle number(raw);
  std::string bytes(width == 0 ? static_cast<std::size_t>(BN_num_bytes(raw)) : width, '\0');
  Require(BN_bn2binpad(raw, Bytes(bytes), static_cast<int>(bytes.size())) >= 0);
  return Base64Url(bytes);
}

std::string EcJwk(const PrivateKey& key, std::string_view curve, std::size_t width) {
  return Cat(R"({"crv":")", curve, R"(","kty":"EC","x":")", Number(key, OSSL_PKEY_PARAM_EC_PUB_X, width), R"(","y":")",
             Number(key, OSSL_PKEY_PARAM_EC_PUB_Y, width), R"("})");
}

std::string RsaJwk(const PrivateKey& key) {
  return Cat(R"({"e":")", Number(key, OSSL_PKEY_PARAM_RSA_E, 0), R"(","kty":"RSA","n":")", Number(key, OSSL_PKEY_PARAM_RSA_N, 0),
             R"("})");
}

}  // namespace

std::string PublicJwk(const PrivateKey& key) {
  const QuietErrors quiet;
  switch (key.algorithm()) {
    case KeyAlgorithm::kEcP256:
      return EcJwk(key, "P-256", 32);
    case KeyAlgorithm::kEcP384:
      return EcJwk(key, "P-384", 48);
    default:
      return RsaJwk(key);
  }
}

std::string JwkThumbprint(const PrivateKey& key) { return Base64Url(Sha256(PublicJwk(key))); }

}  // namespace base::crypto
