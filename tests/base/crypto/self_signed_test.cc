// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/self_signed.h"

#include <gtest/gtest.h>

#include "base/crypto/certificate.h"
#include "base/crypto/key.h"
#include "base/random.h"

namespace base::crypto {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'767'323'045)};

TEST(MakeSelfSigned, NamesTheServerAndIsValidAMinuteAgo) {
  const auto made = MakeSelfSigned("localhost", kNow, SystemRandom());
  ASSERT_TRUE(made.ok());

  const auto chain = ParseChain(made->certificate_pem);
  ASSERT_TRUE(chain.ok());
  const Certificate& certificate = chain->front();
  EXPECT_EQ(certificate.dns_names, std::vector<std::string>{"localhost"});
  EXPECT_EQ(certificate.not_before, kNow - std::chrono::minutes(1));
  EXPECT_EQ(certificate.not_after, kNow + std::chrono::hours(365 * 24));
  EXPECT_EQ(certificate.der, made->certificate_der);
  EXPECT_TRUE(certificate.is_ca);
  EXPECT_TRUE(certificate.is_self_issued);
}

TEST(MakeSelfSigned, BelongsToItsKey) {
  const auto made = MakeSelfSigned("localhost", kNow, SystemRandom());
  ASSERT_TRUE(made.ok());

  const auto key = ParsePrivateKey(made->key_pem);

  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->PublicKeyDer(), ParseChain(made->certificate_pem)->front().public_key_der);
}

TEST(MakeSelfSigned, GivesAnotherKeyAndSerialEachTime) {
  const auto one = ParseChain(MakeSelfSigned("localhost", kNow, SystemRandom())->certificate_pem);
  const auto two = ParseChain(MakeSelfSigned("localhost", kNow, SystemRandom())->certificate_pem);

  EXPECT_NE(one->front().serial_number, two->front().serial_number);
  EXPECT_NE(one->front().public_key_der, two->front().public_key_der);
}

}  // namespace
}  // namespace base::crypto
