// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/jwk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "base/crypto/digest.h"
#include "base/crypto/key_impl.h"
#include "base/encoding.h"

namespace base::crypto {
namespace {

using testing::MatchesRegex;

// The public key of RFC 7638 section 3.1; the RFC does not give its private half, which a JWK does not need either.
PrivateKey Rfc7638Key() {
  const std::string modulus =
      FromBase64Url(
          "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
          "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajr"
          "n1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw")
          .value();
  const BignumHandle n(BN_bin2bn(Bytes(modulus), static_cast<int>(modulus.size()), nullptr));
  const Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_ulong(builder.get(), OSSL_PKEY_PARAM_RSA_E, 65537);
  const Handle<OSSL_PARAM, OSSL_PARAM_free> params(OSSL_PARAM_BLD_to_param(builder.get()));
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* pkey = nullptr;
  EXPECT_EQ(EVP_PKEY_fromdata_init(context.get()), 1);
  EXPECT_EQ(EVP_PKEY_fromdata(context.get(), &pkey, EVP_PKEY_PUBLIC_KEY, params.get()), 1);
  return PrivateKey(std::make_shared<PrivateKey::Impl>(PrivateKey::Impl{PkeyHandle(pkey), KeyAlgorithm::kRsa2048}));
}

TEST(JwkThumbprint, AgreesWithRfc7638) { EXPECT_EQ(JwkThumbprint(Rfc7638Key()), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"); }

TEST(JwkThumbprint, IsTheDigestOfTheJwk) {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEcP256);

  EXPECT_EQ(JwkThumbprint(key), Base64Url(Sha256(PublicJwk(key))));
}

TEST(PublicJwk, HasTheRequiredMembersInOrder) {
  EXPECT_THAT(PublicJwk(*GenerateKey(KeyAlgorithm::kEcP384)),
              MatchesRegex(R"(\{"crv":"P-384","kty":"EC","x":"[A-Za-z0-9_-]{64}","y":"[A-Za-z0-9_-]{64}"\})"));
  EXPECT_THAT(PublicJwk(*GenerateKey(KeyAlgorithm::kRsa2048)),
              MatchesRegex(R"(\{"e":"AQAB","kty":"RSA","n":"[A-Za-z0-9_-]{342}"\})"));
}

// One key in 128 has such a coordinate, so that 2000 miss it less than once in a million runs.
TEST(PublicJwk, KeepsLeadingZerosOfCoordinates) {
  for (int i = 0; i < 2000; ++i) {
    const PrivateKey key = *GenerateKey(KeyAlgorithm::kEcP256);
    const std::string der = key.PublicKeyDer();
    // SubjectPublicKeyInfo of P-256 ends with 04, x and y.
    if (der[der.size() - 64] != '\0' && der[der.size() - 32] != '\0') continue;
    EXPECT_THAT(PublicJwk(key), MatchesRegex(R"(\{"crv":"P-256","kty":"EC","x":"[A-Za-z0-9_-]{43}","y":"[A-Za-z0-9_-]{43}"\})"));
    return;
  }
  FAIL() << "no coordinate with a leading zero in 2000 keys";
}

}  // namespace
}  // namespace base::crypto
