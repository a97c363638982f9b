// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/aes_siv.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace base::crypto {
namespace {

constexpr std::string_view kAssociated = "cw1:ca:0a1b2c3d:";

Secret Key() {
  std::string bytes;
  for (int i = 0; i < 64; ++i) bytes.push_back(static_cast<char>(i));
  return Secret(bytes);
}

// RFC 5297 has vectors for 128-bit keys only. These come from another implementation of the mode's rules:
//   pip install cryptography && python3 -c 'from cryptography.hazmat.primitives.ciphers.aead import AESSIV
//   print(AESSIV(bytes(range(64))).encrypt(b"certwright", [b"cw1:ca:0a1b2c3d:"]).hex())'
TEST(AesSivSeal, AgreesWithAnotherImplementation) {
  EXPECT_EQ(Hex(*AesSivSeal(Key(), Secret("certwright"), kAssociated)), "6af20da6847b3597e29f8dc691b73dcf9eece324d9c9b56c4f4b");
  EXPECT_EQ(Hex(*AesSivSeal(Key(), Secret("certwright"), "")), "b5d0e84ecbed5bddf00dcf07021c7d1c2a0da4ad671fdd2ac935");
}

TEST(AesSivSeal, IsDeterministicAndHangsOnEachInput) {
  Secret other_key(std::string(64, 'k'));
  const std::string sealed = *AesSivSeal(Key(), Secret("text"), kAssociated);

  EXPECT_EQ(*AesSivSeal(Key(), Secret("text"), kAssociated), sealed);
  EXPECT_NE(*AesSivSeal(Key(), Secret("texT"), kAssociated), sealed);
  EXPECT_NE(*AesSivSeal(Key(), Secret("text"), "cw1:ca:0a1b2c3e:"), sealed);
  EXPECT_NE(*AesSivSeal(other_key, Secret("text"), kAssociated), sealed);
}

TEST(AesSivOpen, GivesBackWhatWasSealed) {
  for (const std::string& text : {std::string("x"), std::string(16, 'y'), std::string("\0z", 2), std::string(100'000, 'w')}) {
    const auto opened = AesSivOpen(Key(), *AesSivSeal(Key(), Secret(text), kAssociated), kAssociated);

    ASSERT_TRUE(opened.ok()) << text.size();
    EXPECT_TRUE(*opened == Secret(text)) << text.size();
  }
}

TEST(AesSivOpen, RefusesEveryAlteredBit) {
  const std::string sealed = *AesSivSeal(Key(), Secret("certwright"), kAssociated);

  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string altered = sealed;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    const auto opened = AesSivOpen(Key(), altered, kAssociated);
    ASSERT_FALSE(opened.ok()) << bit;
    EXPECT_EQ(opened.error().kind, ErrorKind::kInvalid);
  }
}

TEST(AesSivOpen, RefusesEveryCutAndAnythingAppended) {
  const std::string sealed = *AesSivSeal(Key(), Secret("certwright"), kAssociated);

  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(AesSivOpen(Key(), sealed.substr(0, size), kAssociated).ok()) << size;
  }
  EXPECT_FALSE(AesSivOpen(Key(), sealed + '\0', kAssociated).ok());
}

// An empty text would not be authenticated, and any sealed text cut to its first 16 bytes would open.
TEST(AesSivSeal, RefusesAnEmptyText) {
  EXPECT_FALSE(AesSivSeal(Key(), Secret(), kAssociated).ok());
  EXPECT_FALSE(AesSivOpen(Key(), std::string(16, '\0'), kAssociated).ok());
}

TEST(AesSivOpen, RefusesOtherAssociatedDataAndKeys) {
  const std::string sealed = *AesSivSeal(Key(), Secret("certwright"), kAssociated);

  EXPECT_FALSE(AesSivOpen(Key(), sealed, "cw1:connection:0a1b2c3d:").ok());
  EXPECT_FALSE(AesSivOpen(Key(), sealed, "").ok());
  EXPECT_FALSE(AesSivOpen(Secret(std::string(64, 'k')), sealed, kAssociated).ok());
}

TEST(AesSivSeal, WantsAKeyOf64Bytes) {
  for (const std::size_t size : {0U, 32U, 63U, 65U}) {
    EXPECT_FALSE(AesSivSeal(Secret(std::string(size, 'k')), Secret("text"), "").ok()) << size;
    EXPECT_FALSE(AesSivOpen(Secret(std::string(size, 'k')), std::string(20, 'x'), "").ok()) << size;
  }
}

}  // namespace
}  // namespace base::crypto
