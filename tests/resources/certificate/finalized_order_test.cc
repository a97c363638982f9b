// SPDX-License-Identifier: MPL-2.0
// Once an order was finalized, only its end makes the provider forget it: another order would be another certificate.
#include <gmock/gmock.h>

#include "tests/resources/certificate/lab.h"
#include "tests/support/test_certificate.h"

namespace tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class FinalizedOrder : public CertificateLab {
 protected:
  // A run of its own, which leaves no state behind when it fails.
  Outcome Apply() {
    StartRun({});
    core_.emplace(*resource, context, clock);
    return core_->Apply(Config(*core_, {"www.example.test"}));
  }

  void HideCertificates() {
    server->Inject(
        {.at = AcmeRequest::kCertificate, .reply = ProblemReply(404, "malformed", "no such certificate"), .times = 1000});
  }

 private:
  std::optional<FakeCore> core_;
};

TEST_F(FinalizedOrder, IsTakenByTheNextRunWhenItsCertificateWasLate) {
  HideCertificates();
  const Outcome first = Apply();
  server->ForgetFaults();

  const Outcome second = Apply();

  EXPECT_TRUE(first.has_failed());
  EXPECT_THAT(first.ToText(), HasSubstr("the next run looks for it once more"));
  EXPECT_FALSE(second.has_failed()) << second.ToText();
  EXPECT_THAT(second.ToText(), Not(HasSubstr("lost")));
  EXPECT_EQ(server->orders(), 1);
}

TEST_F(FinalizedOrder, IsGivenUpWhenTwoRunsDidNotFindItWithAWarningThatNamesIt) {
  HideCertificates();
  (void)Apply();
  server->ForgetFaults();
  server->LoseOrders();

  const Outcome second = Apply();

  EXPECT_FALSE(second.has_failed()) << second.ToText();
  EXPECT_THAT(second.ToText(), HasSubstr("The CA lost an order: " + server->behaviour.base_url + "/order/"));
  EXPECT_EQ(server->certificates(), 1);
}

TEST_F(FinalizedOrder, StaysWhenTheCaServesSomethingElse) {
  for (const WrongCertificate wrong : {WrongCertificate::kGarbage, WrongCertificate::kOtherNames}) {
    SCOPED_TRACE(static_cast<int>(wrong));
    server->LoseOrders();
    server->behaviour.wrong_certificate = wrong;

    EXPECT_TRUE(Apply().has_failed());
    EXPECT_TRUE(Apply().has_failed());

    EXPECT_EQ(server->orders(), 1);
    std::filesystem::remove_all(folder.path() / "certwright");
  }
}

TEST_F(FinalizedOrder, HasItsChainDownloadedAgainWhenThatWasBroken) {
  server->behaviour.usual_roots = MakeTestCertificate({.common_name = "Stranger", .is_ca = true}).pem;
  const Outcome first = Apply();
  server->behaviour.usual_roots.reset();

  const Outcome second = Apply();

  EXPECT_THAT(first.ToText(), HasSubstr("certificate chain is broken"));
  EXPECT_FALSE(second.has_failed()) << second.ToText();
  EXPECT_EQ(server->orders(), 1);
}

TEST_F(FinalizedOrder, IsReplacedWhenItIsInvalid) {
  HideCertificates();
  (void)Apply();
  server->ForgetFaults();
  server->InvalidateOrders();

  const Outcome second = Apply();

  EXPECT_FALSE(second.has_failed()) << second.ToText();
  EXPECT_EQ(server->orders(), 2);
  EXPECT_THAT(second.ToText(), Not(HasSubstr("lost")));
}

TEST_F(FinalizedOrder, IsReplacedWhenItsCertificateHasExpired) {
  HideCertificates();
  (void)Apply();
  server->ForgetFaults();
  clock.SetDateForward(std::chrono::hours(24 * 91));

  const Outcome second = Apply();

  EXPECT_FALSE(second.has_failed()) << second.ToText();
  EXPECT_EQ(server->orders(), 2);
}

TEST_F(FinalizedOrder, ThatCouldNotBePlacedForMalformedNamesBlamesTheNames) {
  server->Inject(
      {.at = AcmeRequest::kNewOrder,
       .reply = ProblemReply(400, "malformed", "the name www.example.test is covered by the wildcard *.example.test")});

  const Outcome refused = Apply();

  ASSERT_TRUE(refused.has_failed());
  EXPECT_EQ(refused.diagnostics.items().front().path, schema::cty::Path::Of("dns_names"));
}

TEST_F(FinalizedOrder, WithMoreNamesThanOrderedIsAWarningThatListsThem) {
  server->behaviour.more_certificate_names = "added.test";

  const Outcome outcome = Apply();

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_THAT(outcome.ToText(), HasSubstr("The CA added names to the certificate"));
  EXPECT_THAT(outcome.diagnostics.items().front().detail, HasSubstr("also for added.test,"));
}

TEST_F(FinalizedOrder, WhoseCertificateDoesNotFitTheClockIsAWarning) {
  server->behaviour.wrong_certificate = WrongCertificate::kExpired;

  const Outcome outcome = Apply();

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_THAT(outcome.ToText(), HasSubstr("This machine's clock does not fit the certificate"));
}

}  // namespace
}  // namespace tests
