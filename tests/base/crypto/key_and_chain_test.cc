// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/key_and_chain.h"

#include <gtest/gtest.h>

#include "tests/support/test_certificate.h"

namespace base::crypto {
namespace {

class KeyAndChainTest : public testing::Test {
 protected:
  tests::TestCertificate ca_ = tests::MakeTestCertificate({.common_name = "CA", .is_ca = true});
  tests::TestCertificate leaf_ = tests::MakeTestCertificate({.dns_names = {"a.test"}, .issuer = &ca_});
  std::string key_{leaf_.key.ToPem().Reveal()};
  std::string csr_ = tests::MakeTestCsr(leaf_.key, {"a.test"});
};

TEST_F(KeyAndChainTest, FindsTheKeysCertificateWhereverItStands) {
  for (const std::string& pem :
       {key_ + leaf_.pem + ca_.pem, ca_.pem + "\nsome text\n" + leaf_.pem + key_, leaf_.pem + key_ + ca_.pem}) {
    const auto found = ParseKeyAndChain(Secret(pem));

    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->key->PublicKeyDer(), leaf_.key.PublicKeyDer());
    ASSERT_EQ(found->chain.size(), 2U);
    EXPECT_EQ(found->chain[0].pem, leaf_.pem);
    EXPECT_EQ(found->chain[1].pem, ca_.pem);
  }
}

TEST_F(KeyAndChainTest, TakesWhatOpensslWritesBeforeAnEcKey) {
  // openssl ecparam -name prime256v1 -genkey: the curve's OID in a block of its own.
  const std::string parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

  EXPECT_TRUE(ParseKeyAndChain(Secret(parameters + key_ + leaf_.pem)));
}

TEST_F(KeyAndChainTest, TakesTheSigningRequestOfAKeyThatIsElsewhere) {
  const auto found = ParseKeyAndChain(Secret(ca_.pem + leaf_.pem + csr_));

  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE(found->key);
  EXPECT_EQ(found->csr_pem, csr_);
  ASSERT_EQ(found->chain.size(), 2U);
  EXPECT_EQ(found->chain[0].pem, leaf_.pem);
}

TEST_F(KeyAndChainTest, SaysWhatIsMissing) {
  struct Case {
    std::string pem;
    const char* message;
  };
  const Case cases[] = {{"", "there is no private key (\"-----BEGIN PRIVATE KEY-----\")"},
                        {leaf_.pem, "there is no private key (\"-----BEGIN PRIVATE KEY-----\")"},
                        {key_ + key_ + leaf_.pem, "there is more than one private key or signing request"},
                        {key_.substr(0, 60), "the private key is cut off"},
                        {key_ + ca_.pem, "the private key belongs to none of the certificates"},
                        {key_ + csr_ + leaf_.pem, "there is more than one private key or signing request"},
                        {csr_.substr(0, 60), "the signing request is cut off"},
                        {csr_ + ca_.pem, "the signing request has the key of none of the certificates"},
                        {key_, "the text holds no certificate (\"-----BEGIN CERTIFICATE-----\")"},
                        {key_ + leaf_.pem.substr(0, 200), "certificate 1 of the chain is cut off or is no PEM"}};
  for (const Case& one : cases) {
    const auto found = ParseKeyAndChain(Secret(one.pem));

    ASSERT_FALSE(found) << one.message;
    EXPECT_EQ(found.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(found.error().message, one.message);
  }
}

}  // namespace
}  // namespace base::crypto
