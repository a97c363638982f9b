// SPDX-License-Identifier: MPL-2.0
#include "tests/support/jose.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include "base/encoding.h"
#include "base/text.h"

namespace tests {
namespace {

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string Decoded(const base::Json& jwk, std::string_view name) {
  return base::FromBase64Url(base::FindString(jwk, name).value_or("")).value_or("");
}

PublicKey Build(const char* type, OSSL_PARAM_BLD* builder) {
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context) != 1 || EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    key = nullptr;
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  return {key, EVP_PKEY_free};
}

PublicKey EcKey(const base::Json& jwk) {
  const std::string curve = base::FindString(jwk, "crv").value_or("");
  const std::size_t width = curve == "P-256" ? 32 : curve == "P-384" ? 48 : 0;
  const std::string point = "\x04" + Decoded(jwk, "x") + Decoded(jwk, "y");
  if (width == 0 || point.size() != 2 * width + 1) return nullptr;
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve.c_str(), 0);
  OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  PublicKey key = Build("EC", builder);
  OSSL_PARAM_BLD_free(builder);
  return key;
}

PublicKey RsaKey(const base::Json& jwk) {
  const std::string modulus = Decoded(jwk, "n");
  const std::string exponent = Decoded(jwk, "e");
  BIGNUM* n = BN_bin2bn(Bytes(modulus), static_cast<int>(modulus.size()), nullptr);
  BIGNUM* e = BN_bin2bn(Bytes(exponent), static_cast<int>(exponent.size()), nullptr);
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
  PublicKey key = Build("RSA", builder);
  OSSL_PARAM_BLD_free(builder);
  BN_free(n);
  BN_free(e);
  return key;
}

// Raw r||s to what OpenSSL verifies.
std::string ToDer(std::string_view raw) {
  const int half = static_cast<int>(raw.size() / 2);
  ECDSA_SIG* signature = ECDSA_SIG_new();
  ECDSA_SIG_set0(signature, BN_bin2bn(Bytes(raw), half, nullptr), BN_bin2bn(Bytes(raw) + half, half, nullptr));
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(signature, &der);
  ECDSA_SIG_free(signature);
  std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return text;
}

}  // namespace

PublicKey KeyFromJwk(const base::Json& jwk) {
  const auto type = base::FindString(jwk, "kty");
  return type == "EC" ? EcKey(jwk) : type == "RSA" ? RsaKey(jwk) : nullptr;
}

std::string Thumbprint(const base::Json& jwk) {
  base::Json needed;  // nlohmann's objects are sorted by name, as RFC 7638 wants
  for (const char* name : {"kty", "crv", "x", "y", "n", "e"}) {
    if (const auto value = base::FindString(jwk, name)) needed[name] = *value;
  }
  return Sha256Base64Url(base::DumpJson(needed));
}

bool Verify(std::string_view algorithm, const PublicKey& key, std::string_view message, std::string_view signature) {
  const std::size_t width = algorithm == "ES256" ? 64 : algorithm == "ES384" ? 96 : 0;
  if (key == nullptr || (width == 0 && algorithm != "RS256") || (width != 0 && signature.size() != width)) return false;
  if (EVP_PKEY_is_a(key.get(), width == 0 ? "RSA" : "EC") != 1) return false;
  if (width != 0 && EVP_PKEY_get_bits(key.get()) != (width == 64 ? 256 : 384)) return false;
  const std::string checked = width == 0 ? std::string(signature) : ToDer(signature);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool right = EVP_DigestVerifyInit(context, nullptr, width == 96 ? EVP_sha384() : EVP_sha256(), nullptr, key.get()) == 1 &&
                     EVP_DigestVerify(context, Bytes(checked), checked.size(), Bytes(message), message.size()) == 1;
  EVP_MD_CTX_free(context);
  return right;
}

std::string HmacSha256(std::string_view key, std::string_view message) {
  unsigned char mac[32] = {};
  unsigned int length = sizeof mac;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(message), message.size(), mac, &length);
  return {reinterpret_cast<char*>(mac), length};
}

std::string Sha256Base64Url(std::string_view bytes) {
  unsigned char digest[32] = {};
  EVP_Digest(bytes.data(), bytes.size(), digest, nullptr, EVP_sha256(), nullptr);
  return base::Base64Url({reinterpret_cast<char*>(digest), sizeof digest});
}

}  // namespace tests
