// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/bundle.h"

#include <gtest/gtest.h>

#include "tests/support/test_certificate.h"

namespace engine::sync {
namespace {

TEST(MakeBundle, HoldsChainAndKey) {
  const auto root = tests::MakeTestCertificate({.common_name = "Root", .is_ca = true});
  const auto leaf = tests::MakeTestCertificate({.dns_names = {"a.test"}, .issuer = &root});

  const auto bundle = MakeBundle("id1", leaf.pem + root.pem, leaf.key.ToPem());

  ASSERT_TRUE(bundle.ok());
  EXPECT_EQ(bundle->certificate_id, "id1");
  ASSERT_EQ(bundle->chain.size(), 2U);
  EXPECT_EQ(bundle->chain.front().pem, leaf.pem);
  EXPECT_TRUE(bundle->private_key_pem == leaf.key.ToPem());
}

TEST(MakeBundle, RefusesTheKeyOfAnotherCertificate) {
  const auto one = tests::MakeTestCertificate({.dns_names = {"a.test"}});
  const auto other = tests::MakeTestCertificate({.dns_names = {"a.test"}});

  const auto bundle = MakeBundle("id1", one.pem, other.key.ToPem());

  ASSERT_FALSE(bundle.ok());
  EXPECT_EQ(bundle.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(bundle.error().message, "the private key does not belong to the certificate");
}

TEST(MakeBundle, RefusesACertificateWhoseKeyIsElsewhere) {
  const auto one = tests::MakeTestCertificate({.dns_names = {"a.test"}});

  const auto bundle = MakeBundle("id1", one.pem, base::Secret());

  ASSERT_FALSE(bundle.ok());
  EXPECT_NE(bundle.error().message.find("csr_pem"), std::string::npos);
}

TEST(MakeBundle, SaysWhichPartIsUnreadable) {
  const auto one = tests::MakeTestCertificate({.dns_names = {"a.test"}});
  const auto no_chain = MakeBundle("id1", "", one.key.ToPem());
  const auto no_key = MakeBundle("id1", one.pem, base::Secret("CANARY"));

  ASSERT_FALSE(no_chain.ok());
  EXPECT_EQ(no_chain.error().while_doing, std::vector<std::string>{"reading the certificate chain"});
  ASSERT_FALSE(no_key.ok());
  EXPECT_EQ(no_key.error().while_doing, std::vector<std::string>{"reading the certificate's private key"});
  EXPECT_EQ(no_key.error().message.find("CANARY"), std::string::npos);
}

TEST(Bundle, TellsTheRootFromTheRestOfTheChain) {
  const auto root = tests::MakeTestCertificate({.common_name = "Root", .is_ca = true});
  const auto leaf = tests::MakeTestCertificate({.dns_names = {"a.test"}, .issuer = &root});

  const auto bundle = MakeBundle("id1", leaf.pem + root.pem, leaf.key.ToPem());

  ASSERT_NE(bundle->FindRoot(), nullptr);
  EXPECT_EQ(bundle->FindRoot()->pem, root.pem);
  EXPECT_EQ(JoinPem(bundle->WithoutRoot()), leaf.pem);
  EXPECT_EQ(JoinPem(bundle->AboveLeaf()), root.pem);
}

TEST(Bundle, ALeafThatSignedItselfIsNoRoot) {
  const auto leaf = tests::MakeTestCertificate({.dns_names = {"a.test"}});

  const auto bundle = MakeBundle("id1", leaf.pem, leaf.key.ToPem());

  EXPECT_EQ(bundle->FindRoot(), nullptr);
  EXPECT_EQ(JoinPem(bundle->WithoutRoot()), leaf.pem);
}

}  // namespace
}  // namespace engine::sync
