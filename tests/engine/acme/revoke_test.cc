// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/revoke.h"

#include "base/encoding.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

class RevokeTest : public AcmeTest {
 protected:
  RevokeTest() {
    const auto issued = Issue(Call(), client(), account_, {.dns_names = {"a.test"}, .key = key}, solver);
    EXPECT_TRUE(issued);
    der_ = issued->chain.front().der;
  }
  base::Result<void> Revoke(const Revocation& wanted) { return RevokeCertificate(Call(), client(), wanted); }
  bool IsRevoked() const { return server->revoked().contains(base::Base64Url(der_)); }

  const Account account_ = Registered();
  std::string der_;
};

TEST_F(RevokeTest, IsSignedByTheAccount) {
  const auto done =
      Revoke({.certificate_der = der_, .reason = RevocationCode("superseded"), .account = account_, .certificate_key = key});

  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(IsRevoked());
  EXPECT_EQ(server->last_payload(Kind::kRevoke)["reason"], 4);
  EXPECT_EQ(server->count(Kind::kRevoke), 1);
}

TEST_F(RevokeTest, SendsNoReasonWhenThereIsNone) {
  ASSERT_TRUE(Revoke({.certificate_der = der_, .account = account_}));

  EXPECT_FALSE(server->last_payload(Kind::kRevoke).contains("reason"));
}

TEST_F(RevokeTest, FallsBackToTheCertificatesKey) {
  ASSERT_TRUE(DeactivateAccount(Call(), client(), account_));

  const auto done = Revoke({.certificate_der = der_, .account = account_, .certificate_key = key});

  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(IsRevoked());
}

TEST_F(RevokeTest, NeedsNoAccount) {
  ASSERT_TRUE(Revoke({.certificate_der = der_, .certificate_key = key}));

  EXPECT_TRUE(IsRevoked());
}

TEST_F(RevokeTest, RevokedAlreadyIsSuccess) {
  ASSERT_TRUE(Revoke({.certificate_der = der_, .account = account_}));

  EXPECT_TRUE(Revoke({.certificate_der = der_, .account = account_}));
}

TEST_F(RevokeTest, TellsTheAccountsRefusalWhenTheKeyIsRefusedToo) {
  ASSERT_TRUE(DeactivateAccount(Call(), client(), account_));
  const auto other = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);

  const auto done = Revoke({.certificate_der = der_, .account = account_, .certificate_key = other});

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "the CA refused: the account is deactivated (unauthorized)");
}

TEST_F(RevokeTest, ABadReasonIsToldAsTheCaSaysIt) {
  const auto done =
      Revoke({.certificate_der = der_, .reason = RevocationCode("certificateHold"), .account = account_, .certificate_key = key});

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(server->count(Kind::kRevoke), 1);
}

TEST_F(RevokeTest, WithoutAnyKeySaysSo) {
  const auto done = Revoke({.certificate_der = der_});

  ASSERT_FALSE(done);
  EXPECT_EQ(server->count(Kind::kRevoke), 0);
}

TEST(RevocationCode, IsTheOneOfRfc5280) {
  EXPECT_EQ(RevocationCode("unspecified"), 0);
  EXPECT_EQ(RevocationCode("removeFromCRL"), 8);  // 7 is not used
  EXPECT_EQ(RevocationCode("aACompromise"), 10);
  EXPECT_FALSE(RevocationCode("superseeded"));
  EXPECT_EQ(RevocationReasons(),
            (Names{"unspecified", "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation"}));
}

TEST_F(RevokeTest, AKeyThatIsCompromisedSignsForItself) {
  ASSERT_TRUE(DeactivateAccount(Call(), client(), account_));

  ASSERT_TRUE(Revoke({.certificate_der = der_, .reason = 1, .account = account_, .certificate_key = key}));

  EXPECT_EQ(server->count(Kind::kRevoke), 1) << "the account is not asked first";
}

}  // namespace
}  // namespace engine::acme
