// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/key_type.h"

#include <gtest/gtest.h>

#include "base/crypto/key.h"

namespace base::crypto {
namespace {

TEST(KeyTypeOf, IsTheNameOfTheAlgorithm) {
  for (const KeyAlgorithm algorithm : {KeyAlgorithm::kEcP256, KeyAlgorithm::kEcP384, KeyAlgorithm::kRsa2048}) {
    EXPECT_EQ(KeyTypeOf(GenerateKey(algorithm)->PublicKeyDer()), NameOf(algorithm));
  }
}

TEST(KeyTypeOf, IsUnknownForWhatIsNoKey) {
  EXPECT_EQ(KeyTypeOf(""), "unknown");
  EXPECT_EQ(KeyTypeOf("no key"), "unknown");
}

}  // namespace
}  // namespace base::crypto
