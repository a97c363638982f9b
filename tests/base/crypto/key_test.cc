// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "base/crypto/key_impl.h"

namespace base::crypto {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr KeyAlgorithm kAll[] = {KeyAlgorithm::kEcP256, KeyAlgorithm::kEcP384, KeyAlgorithm::kRsa2048, KeyAlgorithm::kRsa3072,
                                 KeyAlgorithm::kRsa4096};

std::string Refusal(std::string_view pem) {
  const auto key = ParsePrivateKey(Secret(std::string(pem)));
  if (key) return "accepted";
  EXPECT_EQ(key.error().kind, ErrorKind::kInvalid);
  return key.error().message;
}

std::string Pem(EVP_PKEY* pkey, const char* type, const char* cipher) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  const std::string phrase = "phrase";
  const EVP_CIPHER* with = cipher ? EVP_get_cipherbyname(cipher) : nullptr;
  const bool traditional = std::string_view(type) == "traditional";
  const int written = traditional ? PEM_write_bio_PrivateKey_traditional(bio.get(), pkey, with, with ? Bytes(phrase) : nullptr,
                                                                         with ? 6 : 0, nullptr, nullptr)
                                  : PEM_write_bio_PKCS8PrivateKey(bio.get(), pkey, with, with ? phrase.data() : nullptr,
                                                                  with ? 6 : 0, nullptr, nullptr);
  EXPECT_EQ(written, 1);
  return Written(bio.get());
}

// The raw signature, checked by OpenSSL in the form that it knows.
bool Verifies(const PrivateKey& key, std::string_view message, std::string signature) {
  if (key.algorithm() == KeyAlgorithm::kEcP256 || key.algorithm() == KeyAlgorithm::kEcP384) {
    const int width = static_cast<int>(signature.size() / 2);
    const EcdsaSignatureHandle pair(ECDSA_SIG_new());
    ECDSA_SIG_set0(pair.get(), BN_bin2bn(Bytes(signature), width, nullptr), BN_bin2bn(Bytes(signature) + width, width, nullptr));
    signature = Der(pair.get(), i2d_ECDSA_SIG);
  }
  const std::string der = key.PublicKeyDer();
  const unsigned char* at = Bytes(der);
  const PkeyHandle pub(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  const DigestContextHandle context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit_ex(context.get(), nullptr, DigestName(key), nullptr, nullptr, pub.get(), nullptr) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message), message.size()) == 1;
}

TEST(KeyFromSeed, IsTheSameKeyForTheSameSeed) {
  const std::string seed = std::string(31, 's') + "\x01";
  const auto key = KeyFromSeed(Secret(seed));
  const auto again = KeyFromSeed(Secret(seed));

  ASSERT_TRUE(key && again);
  EXPECT_EQ(key->algorithm(), KeyAlgorithm::kEcP256);
  EXPECT_EQ(key->PublicKeyDer(), again->PublicKeyDer());
  EXPECT_TRUE(ParsePrivateKey(key->ToPem()));
  EXPECT_TRUE(Verifies(*key, "message", *SignJws(*key, "message")));
  EXPECT_NE(key->PublicKeyDer(), KeyFromSeed(Secret(std::string(32, 'x')))->PublicKeyDer());
}

TEST(KeyFromSeed, TakesTheHighestSeed) { EXPECT_TRUE(KeyFromSeed(Secret(std::string(32, '\xff')))); }

TEST(KeyFromSeed, WantsThirtyTwoBytes) {
  EXPECT_FALSE(KeyFromSeed(Secret(std::string(31, 'x'))));
  EXPECT_FALSE(KeyFromSeed(Secret()));
}

TEST(KeyAlgorithm, NamesRoundTrip) {
  for (const KeyAlgorithm algorithm : kAll) EXPECT_EQ(ParseKeyAlgorithm(NameOf(algorithm)), algorithm);
  EXPECT_EQ(NameOf(KeyAlgorithm::kEcP256), "EC_P256");
  EXPECT_EQ(ParseKeyAlgorithm("ec_p256"), std::nullopt);
  EXPECT_EQ(ParseKeyAlgorithm(""), std::nullopt);
}

TEST(PrivateKey, SurvivesARoundTripThroughPem) {
  for (const KeyAlgorithm algorithm : kAll) {
    const PrivateKey key = *GenerateKey(algorithm);
    const Secret pem = key.ToPem();
    const auto parsed = ParsePrivateKey(pem);

    ASSERT_TRUE(parsed.ok()) << NameOf(algorithm);
    EXPECT_THAT(std::string(pem.Reveal()), StartsWith("-----BEGIN PRIVATE KEY-----\n"));
    EXPECT_EQ(parsed->algorithm(), algorithm);
    EXPECT_EQ(parsed->PublicKeyDer(), key.PublicKeyDer());
    EXPECT_TRUE(parsed->ToPem() == pem);
  }
}

TEST(GenerateKey, MakesAnotherKeyEachTime) {
  EXPECT_NE(GenerateKey(KeyAlgorithm::kEcP256)->PublicKeyDer(), GenerateKey(KeyAlgorithm::kEcP256)->PublicKeyDer());
}

TEST(ParsePrivateKey, ReadsSec1AndPkcs1) {
  const PrivateKey ec = *GenerateKey(KeyAlgorithm::kEcP384);
  const PrivateKey rsa = *GenerateKey(KeyAlgorithm::kRsa2048);
  const std::string sec1 = Pem(Pkey(ec), "traditional", nullptr);
  const std::string pkcs1 = Pem(Pkey(rsa), "traditional", nullptr);

  EXPECT_THAT(sec1, StartsWith("-----BEGIN EC PRIVATE KEY-----"));
  EXPECT_THAT(pkcs1, StartsWith("-----BEGIN RSA PRIVATE KEY-----"));
  EXPECT_EQ(ParsePrivateKey(Secret(sec1))->PublicKeyDer(), ec.PublicKeyDer());
  EXPECT_EQ(ParsePrivateKey(Secret(pkcs1))->PublicKeyDer(), rsa.PublicKeyDer());
}

TEST(ParsePrivateKey, ReadsWhatEcparamWrites) {
  // `openssl ecparam -name prime256v1 -genkey` puts the parameters before the key.
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEcP256);
  const std::string pem =
      "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + Pem(Pkey(key), "traditional", nullptr);

  const auto parsed = ParsePrivateKey(Secret(pem));

  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->PublicKeyDer(), key.PublicKeyDer());
}

TEST(ParsePrivateKey, RefusesEncryptedKeysWithoutAsking) {
  const PrivateKey key = *GenerateKey(KeyAlgorithm::kEcP256);

  EXPECT_THAT(Refusal(Pem(Pkey(key), "pkcs8", "AES-256-CBC")), HasSubstr("is encrypted"));
  EXPECT_THAT(Refusal(Pem(Pkey(key), "traditional", "AES-128-CBC")), HasSubstr("is encrypted"));
}

TEST(ParsePrivateKey, RefusesOtherKinds) {
  const PkeyHandle ed25519(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const PkeyHandle p521(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-521"));
  const PkeyHandle rsa1024(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024}));

  for (const PkeyHandle* pkey : {&ed25519, &p521, &rsa1024}) {
    EXPECT_THAT(Refusal(Pem(pkey->get(), "pkcs8", nullptr)), HasSubstr("unsupported type"));
  }
}

TEST(ParsePrivateKey, RefusesWhatIsNoKeyAndDoesNotEchoIt) {
  const std::string pem(GenerateKey(KeyAlgorithm::kEcP256)->ToPem().Reveal());

  EXPECT_EQ(Refusal(""), "the text is no private key in PEM (\"-----BEGIN PRIVATE KEY-----\")");
  EXPECT_EQ(Refusal("CANARY"), "the text is no private key in PEM (\"-----BEGIN PRIVATE KEY-----\")");
  EXPECT_EQ(Refusal(std::string(70'000, 'x')), "the private key is longer than 64 KiB");
  for (std::size_t cut = 1; cut < pem.size(); cut += 7)
    EXPECT_THAT(Refusal(pem.substr(0, pem.size() - 1 - cut)), HasSubstr("no private key"));
}

TEST(SignJws, GivesSignaturesThatVerify) {
  for (const KeyAlgorithm algorithm : {KeyAlgorithm::kEcP256, KeyAlgorithm::kEcP384, KeyAlgorithm::kRsa2048}) {
    const PrivateKey key = *GenerateKey(algorithm);
    const std::string signature = *SignJws(key, "header.payload");

    EXPECT_TRUE(Verifies(key, "header.payload", signature)) << NameOf(algorithm);
    EXPECT_FALSE(Verifies(key, "header.payloae", signature)) << NameOf(algorithm);
  }
}

TEST(SignJws, HasAFixedWidthAlsoWhenNumbersAreShort) {
  const PrivateKey p256 = *GenerateKey(KeyAlgorithm::kEcP256);
  const PrivateKey p384 = *GenerateKey(KeyAlgorithm::kEcP384);

  // One signature in 128 has an r or s with a leading zero byte: 600 miss it with a chance of 1%.
  for (int i = 0; i < 600; ++i) ASSERT_EQ(SignJws(p256, std::to_string(i))->size(), 64U);
  EXPECT_EQ(SignJws(p384, "x")->size(), 96U);
}

TEST(JwsAlgorithm, FollowsTheKey) {
  EXPECT_EQ(JwsAlgorithm(*GenerateKey(KeyAlgorithm::kEcP256)), "ES256");
  EXPECT_EQ(JwsAlgorithm(*GenerateKey(KeyAlgorithm::kEcP384)), "ES384");
  EXPECT_EQ(JwsAlgorithm(*GenerateKey(KeyAlgorithm::kRsa2048)), "RS256");
}

TEST(ParsePrivateKey, LeavesTheErrorQueueClean) {
  ERR_clear_error();

  EXPECT_FALSE(ParsePrivateKey(Secret("nothing")).ok());

  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace base::crypto
