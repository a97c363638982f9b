// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/jws.h"

#include <gtest/gtest.h>

#include "base/crypto/jwk.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/support/jose.h"

namespace engine::acme {
namespace {

using base::Json;
using base::crypto::KeyAlgorithm;

Json Header(const Json& body) { return *base::ParseJson(*base::FromBase64Url(body["protected"].get<std::string>())); }

TEST(SignBody, NamesTheAccountByItsUrl) {
  const auto key = *base::crypto::GenerateKey(KeyAlgorithm::kEcP256);

  const auto body = base::ParseJson(*SignBody({key, "https://ca.test/acct/1"}, "nonce", "https://ca.test/order", "{}"));

  ASSERT_TRUE(body);
  EXPECT_EQ(body->size(), 3U);
  EXPECT_EQ((*body)["payload"], "e30");
  EXPECT_EQ(Header(*body),
            Json({{"alg", "ES256"}, {"kid", "https://ca.test/acct/1"}, {"nonce", "nonce"}, {"url", "https://ca.test/order"}}));
}

TEST(SignBody, CarriesTheKeyWhenThereIsNoAccountYet) {
  const auto key = *base::crypto::GenerateKey(KeyAlgorithm::kEcP384);

  const auto body = base::ParseJson(*SignBody({.key = key}, "n", "https://ca.test/new", ""));

  ASSERT_TRUE(body);
  EXPECT_EQ((*body)["payload"], "");
  EXPECT_EQ(Header(*body)["alg"], "ES384");
  EXPECT_EQ(Header(*body)["jwk"], *base::ParseJson(base::crypto::PublicJwk(key)));
  EXPECT_FALSE(Header(*body).contains("kid"));
}

TEST(SignBody, IsVerifiedByAnotherImplementation) {
  for (const auto algorithm : {KeyAlgorithm::kEcP256, KeyAlgorithm::kEcP384, KeyAlgorithm::kRsa2048}) {
    const auto key = *base::crypto::GenerateKey(algorithm);
    const Json jwk = *base::ParseJson(base::crypto::PublicJwk(key));

    const auto body = *base::ParseJson(*SignBody({.key = key}, "n", "u", "payload"));

    const std::string message = base::Cat(body["protected"].get<std::string>(), '.', body["payload"].get<std::string>());
    const auto signature = base::FromBase64Url(body["signature"].get<std::string>());
    ASSERT_TRUE(signature);
    EXPECT_TRUE(tests::Verify(Header(body)["alg"].get<std::string>(), tests::KeyFromJwk(jwk), message, *signature));
    EXPECT_EQ(tests::Thumbprint(jwk), base::crypto::JwkThumbprint(key));
  }
}

// The structure of RFC 8555 section 7.3.4: no nonce, the account's key as payload.
TEST(SignBinding, SignsTheAccountKeyWithTheMacKey) {
  const auto key = *base::crypto::GenerateKey(KeyAlgorithm::kEcP256);

  const auto body = *base::ParseJson(SignBinding(key, "kid-1", base::Secret("mac"), "https://ca.test/new"));

  EXPECT_EQ(Header(body), Json({{"alg", "HS256"}, {"kid", "kid-1"}, {"url", "https://ca.test/new"}}));
  EXPECT_EQ(base::FromBase64Url(body["payload"].get<std::string>()), base::crypto::PublicJwk(key));
  const std::string message = base::Cat(body["protected"].get<std::string>(), '.', body["payload"].get<std::string>());
  EXPECT_EQ(body["signature"], base::Base64Url(tests::HmacSha256("mac", message)));
}

}  // namespace
}  // namespace engine::acme
