// SPDX-License-Identifier: MPL-2.0
// What may go wrong on the way, and what is left behind then.
#include "base/text.h"
#include "engine/acme/issue.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using tests::WrongCertificate;

class IssueFailureTest : public AcmeTest {
 protected:
  base::Error Failure(const Names& names) {
    const auto issued = IssueFor(names);
    EXPECT_FALSE(issued);
    return issued ? base::Error{} : issued.error();
  }
};

class LostOnTheWay : public IssueFailureTest,
                     public testing::WithParamInterface<std::tuple<tests::AcmeRequest, tests::AcmeFault::What>> {};

TEST_P(LostOnTheWay, IsOvercome) {
  const auto [kind, what] = GetParam();
  server->Inject({.at = kind, .what = what});

  const auto issued = IssueFor({"a.test", "*.a.test"});

  EXPECT_TRUE(issued) << issued.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    EachRequest, LostOnTheWay,
    testing::Combine(testing::Values(tests::AcmeRequest::kDirectory, tests::AcmeRequest::kNewNonce,
                                     tests::AcmeRequest::kNewAccount, tests::AcmeRequest::kNewOrder,
                                     tests::AcmeRequest::kAuthorization, tests::AcmeRequest::kChallenge,
                                     tests::AcmeRequest::kOrder, tests::AcmeRequest::kFinalize, tests::AcmeRequest::kCertificate),
                     testing::Values(tests::AcmeFault::What::kReset, tests::AcmeFault::What::kLostResponse)));

class BusyServer : public IssueFailureTest, public testing::WithParamInterface<std::tuple<tests::AcmeRequest, int>> {};

TEST_P(BusyServer, IsAskedAgain) {
  const auto [kind, status] = GetParam();
  server->Inject({.at = kind, .reply = {status, {{"Content-Type", "text/html"}}, "<html><title>nginx</title>"}, .times = 2});

  const auto issued = IssueFor({"a.test"});

  EXPECT_TRUE(issued) << issued.error().message;
}

INSTANTIATE_TEST_SUITE_P(EachRequest, BusyServer,
                         testing::Combine(testing::Values(tests::AcmeRequest::kDirectory, tests::AcmeRequest::kNewNonce,
                                                          tests::AcmeRequest::kNewAccount, tests::AcmeRequest::kNewOrder,
                                                          tests::AcmeRequest::kAuthorization, tests::AcmeRequest::kChallenge,
                                                          tests::AcmeRequest::kOrder, tests::AcmeRequest::kFinalize,
                                                          tests::AcmeRequest::kCertificate),
                                          testing::Values(429, 500, 502, 503, 504)));

TEST_F(IssueFailureTest, FinalizesOnceWhenTheAnswerWasLost) {
  server->Inject({.at = Kind::kFinalize, .what = What::kLostResponse});

  ASSERT_TRUE(IssueFor({"a.test"}));

  EXPECT_EQ(server->count(Kind::kFinalize), 1);
}

TEST_F(IssueFailureTest, AnswersAChallengeOnceWhenTheReplyWasLost) {
  server->Inject({.at = Kind::kChallenge, .what = What::kLostResponse});

  ASSERT_TRUE(IssueFor({"a.test"}));

  EXPECT_EQ(server->count(Kind::kChallenge), 1);
}

TEST_F(IssueFailureTest, FinalizesAgainWhenTheOrderWasNotReadyAfterAll) {
  server->Inject({.at = Kind::kFinalize, .reply = tests::ProblemReply(403, "orderNotReady", "wait")});

  ASSERT_TRUE(IssueFor({"a.test"}));

  EXPECT_EQ(server->count(Kind::kFinalize), 2);
}

TEST_F(IssueFailureTest, NamesEachRejectedIdentifier) {
  server->behaviour.rejected = {"bad.test", "worse.test"};

  const auto error = Failure({"bad.test", "good.test", "worse.test"});

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_EQ(error.code, "urn:ietf:params:acme:error:rejectedIdentifier");
  EXPECT_EQ(error.message, "the CA refused: some names were refused (rejectedIdentifier)");
  EXPECT_EQ(error.details, (Names{"bad.test: forbidden by policy (rejectedIdentifier)",
                                  "worse.test: forbidden by policy (rejectedIdentifier)"}));
}

TEST_F(IssueFailureTest, ANameWithoutAZoneIsRefusedBeforeAnOrderIsMade) {
  solver.prepare_outcome = base::Error{ErrorKind::kInvalid, "no DNS connection holds it"};

  const auto error = Failure({"a.test", "*.b.test"});

  EXPECT_EQ(error.message, "no DNS connection holds it");
  EXPECT_EQ(solver.prepared, (Names{"_acme-challenge.a.test.", "_acme-challenge.b.test."}));
  EXPECT_EQ(server->count(Kind::kNewOrder), 0);
}

TEST_F(IssueFailureTest, NamesWhatCouldNotBeValidatedAndWhy) {
  solver.writes = false;

  const auto error = Failure({"a.test", "*.b.test"});

  EXPECT_EQ(error.code, "urn:ietf:params:acme:error:dns");
  EXPECT_EQ(error.message, "the CA could not validate a.test, *.b.test");
  EXPECT_EQ(error.details,
            (Names{"a.test: the CA refused: no TXT record found (dns)", "*.b.test: the CA refused: no TXT record found (dns)"}));
}

TEST_F(IssueFailureTest, StopsAtAFailedAuthorizationThoughTheOrderStaysPending) {
  solver.writes = false;
  server->behaviour.order_ignores_failures = true;

  const auto error = Failure({"a.test"});

  EXPECT_EQ(error.message, "the CA could not validate a.test");
  EXPECT_LT(server->count(Kind::kOrder), 6);
}

TEST_F(IssueFailureTest, AnswersNothingWhenAnAuthorizationIsOverAlready) {
  server->behaviour.order_ignores_failures = true;
  for (const char* status : {"invalid", "deactivated", "expired", "revoked"}) {
    server->behaviour.authorization_status = {{"a.test", status}};

    const auto error = Failure({"a.test", "b.test"});

    EXPECT_EQ(error.details, Names{base::Cat("a.test: the authorization is ", status)});
  }
  EXPECT_EQ(server->count(Kind::kChallenge), 0);
  EXPECT_EQ(solver.places, 0);
  EXPECT_TRUE(server->pending_authorizations().empty());
}

TEST_F(IssueFailureTest, DeactivatesWhatIsStillPending) {
  solver.wait_outcome = base::Error{ErrorKind::kTimeout, "ns1.test lacks the record"};

  const auto error = Failure({"a.test", "b.test"});

  EXPECT_EQ(error.message, "ns1.test lacks the record");
  EXPECT_TRUE(server->pending_authorizations().empty());
}

TEST_F(IssueFailureTest, RemovesWhatWasPlacedBeforePlacingFailed) {
  solver.place_outcome = base::Error{ErrorKind::kDenied, "the second zone is not ours"};

  const auto error = Failure({"a.test", "b.test"});

  EXPECT_EQ(error.kind, ErrorKind::kDenied);  // TearDown looks at the records
  EXPECT_TRUE(server->pending_authorizations().empty());
}

TEST_F(IssueFailureTest, SaysThatTheCaOffersNoDnsChallenge) {
  server->behaviour.only_challenge = "tls-alpn-01";

  EXPECT_EQ(Failure({"a.test"}).message, "the CA offers no DNS challenge (dns-01) for a.test");
}

TEST_F(IssueFailureTest, RefusesAnOrderForOtherNames) {
  server->behaviour.other_order_name = "other.test";

  EXPECT_EQ(Failure({"a.test"}).kind, ErrorKind::kProtocol);
}

TEST_F(IssueFailureTest, SaysWhatItWaitedForWhenTimeIsUp) {
  server->behaviour.slow_challenges = true;

  const auto error = Failure({"a.test"});

  EXPECT_EQ(error.kind, ErrorKind::kTimeout);
  EXPECT_TRUE(error.message.starts_with("the CA did not finish the validation of the names within ")) << error.message;
  EXPECT_TRUE(server->pending_authorizations().empty());
}

TEST_F(IssueFailureTest, FailsAtOnceWhenTheRateLimitLastsLongerThanTheRun) {
  auto reply = tests::ProblemReply(429, "rateLimited", "too many certificates");
  reply.headers.push_back({"Retry-After", "86400"});
  server->Inject({.at = Kind::kNewOrder, .reply = reply});

  const auto error = Failure({"a.test"});

  EXPECT_EQ(error.kind, ErrorKind::kRateLimited);
  EXPECT_EQ(error.retry_after, clock.Now() + 24h);
  EXPECT_TRUE(clock.pauses().empty());
}

class WrongCertificateTest : public IssueFailureTest,
                             public testing::WithParamInterface<std::pair<WrongCertificate, const char*>> {};

TEST_P(WrongCertificateTest, IsRefused) {
  server->behaviour.wrong_certificate = GetParam().first;

  const auto error = Failure({"a.test"});

  EXPECT_EQ(error.kind, ErrorKind::kProtocol);
  EXPECT_NE(error.message.find(GetParam().second), std::string::npos) << error.message;
}

INSTANTIATE_TEST_SUITE_P(EachWay, WrongCertificateTest,
                         testing::Values(std::pair{WrongCertificate::kOtherKey, "another key"},
                                         std::pair{WrongCertificate::kOtherNames, "other.test"},
                                         std::pair{WrongCertificate::kGarbage, "no certificate chain"},
                                         std::pair{WrongCertificate::kCutOff, "no certificate chain"},
                                         std::pair{WrongCertificate::kWithPrivateKey, "no certificate chain"}));

class Interrupted : public IssueFailureTest, public testing::WithParamInterface<tests::AcmeRequest> {};

TEST_P(Interrupted, LeavesNothingBehindBeforeFinalize) {
  std::stop_source source;
  server->Before(GetParam(), [&] { source.request_stop(); });

  const auto issued = IssueFor({"a.test", "b.test"}, Call(source.get_token()));

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(server->count(Kind::kFinalize), 0);
  EXPECT_TRUE(server->pending_authorizations().empty());
}

INSTANTIATE_TEST_SUITE_P(AtEachStep, Interrupted,
                         testing::Values(tests::AcmeRequest::kNewOrder, tests::AcmeRequest::kAuthorization,
                                         tests::AcmeRequest::kChallenge));

TEST_F(IssueFailureTest, StopsWhileTheRecordsAreWaitedFor) {
  std::stop_source source;
  solver.on_wait = [&] { source.request_stop(); };

  const auto issued = IssueFor({"a.test"}, Call(source.get_token()));

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::kCancelled);
  EXPECT_TRUE(server->pending_authorizations().empty());
}

TEST_F(IssueFailureTest, SeesTheOrderThroughWhenStoppedAtFinalize) {
  std::stop_source source;
  server->Before(Kind::kFinalize, [&] { source.request_stop(); });

  const auto issued = IssueFor({"a.test"}, Call(source.get_token()));

  ASSERT_TRUE(issued) << issued.error().message;
}

TEST_F(IssueFailureTest, SeesTheOrderThroughWhenStoppedAtTheDownload) {
  std::stop_source source;
  server->Before(Kind::kCertificate, [&] { source.request_stop(); });

  const auto issued = IssueFor({"a.test"}, Call(source.get_token()));

  ASSERT_TRUE(issued) << issued.error().message;
}

TEST_F(IssueFailureTest, SeesTheOrderThroughForHalfAMinuteAtMost) {
  std::stop_source source;
  server->behaviour.polls_until_valid = 1000;
  server->Before(Kind::kFinalize, [&] { source.request_stop(); });
  const auto began = clock.Now();

  const auto issued = IssueFor({"a.test"}, Call(source.get_token()));

  ASSERT_FALSE(issued);
  EXPECT_LE(clock.Now() - began, 31s);
}

}  // namespace
}  // namespace engine::acme
