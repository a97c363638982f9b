// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/pem.h"

#include <gtest/gtest.h>

#include "tests/support/test_certificate.h"

namespace base::crypto {
namespace {

TEST(Pem, IsPinned) {
  const std::string text = "-----BEGIN A B-----\n" + std::string(64, 'A') + "\nAAAA\n-----END A B-----\n";

  const auto blocks = SplitPem(text);

  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 1U);
  EXPECT_EQ(blocks->front().label, "A B");
  EXPECT_EQ(blocks->front().der, std::string(51, '\0'));
  EXPECT_EQ(ToPem(blocks->front()), text);
}

TEST(Pem, TakesWhatOpenSslWrites) {
  const auto certificate = tests::MakeTestCertificate({.dns_names = {"a.test"}});
  const std::string text = certificate.pem + certificate.pem;

  const auto blocks = SplitPem(text);

  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 2U);
  EXPECT_EQ(ToPem((*blocks)[0]) + ToPem((*blocks)[1]), text);
  EXPECT_TRUE(SplitPem(certificate.key.ToPem().Reveal()));
}

TEST(Pem, RefusesWhatItWouldWriteDifferently) {
  const std::string good = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
  ASSERT_TRUE(SplitPem(good));

  for (const std::string& text :
       {std::string("text"), "# comment\n" + good, good + "\n", good.substr(0, good.size() - 1), good.substr(0, 20),
        std::string("-----BEGIN X-----\nAA\nAA\n-----END X-----\n"), std::string("-----BEGIN X-----\nAAAA\n-----END Y-----\n"),
        std::string("-----BEGIN X-----\nA*AA\n-----END X-----\n"), std::string("-----BEGIN -----END -----")}) {
    EXPECT_FALSE(SplitPem(text)) << text;
  }
}

TEST(Pem, EmptyTextHasNoBlocks) { EXPECT_TRUE(SplitPem("")->empty()); }

}  // namespace
}  // namespace base::crypto
