// SPDX-License-Identifier: MPL-2.0
// CAs as they are: replicas lag, orders are shared, challenges wait for a second answer, answers get lost. However it ends, one
// certificate is issued.
#include <atomic>
#include <numeric>

#include "base/parallel.h"
#include "base/text.h"
#include "engine/acme/order.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using base::ErrorKind;

struct Trouble {
  const char* name;
  std::function<void(tests::FakeAcmeServer&, tests::AcmeRequest)> inject;
};

std::ostream& operator<<(std::ostream& out, const Trouble& trouble) { return out << trouble.name; }

base::http::Response Refusal(int status, const std::string& type, const std::string& retry_after = {}) {
  auto reply = tests::ProblemReply(status, type, "not now");
  if (!retry_after.empty()) reply.headers.push_back({"Retry-After", retry_after});
  return reply;
}

class WorldTest : public AcmeTest {};

class EachUrl : public WorldTest, public testing::WithParamInterface<std::tuple<tests::AcmeRequest, Trouble>> {};

TEST_P(EachUrl, HasItsCertificateIssuedOnce) {
  const auto& [kind, trouble] = GetParam();
  server->behaviour.world.is_lenient = true;
  trouble.inject(*server, kind);

  const auto issued = IssueFor({"a.test", "*.a.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(server->certificates(), 1);
  EXPECT_EQ(server->orders(), 1);
}

const Trouble kTroubles[] = {
    {"404Once", [](auto& ca, auto kind) { ca.Inject({.at = kind, .reply = Refusal(404, "malformed")}); }},
    {"404WithoutAProblem",
     [](auto& ca, auto kind) {
       ca.Inject({.at = kind, .reply = {404, {}, "404 page not found"}});
     }},
    {"404ForEightSeconds", [](auto& ca, auto) { ca.behaviour.world.late = 8s; }},
    {"OlderStatusOnce", [](auto& ca, auto) { ca.behaviour.world.stale = 1; }},
    {"OlderStatusThrice", [](auto& ca, auto) { ca.behaviour.world.stale = 3; }},
    {"500", [](auto& ca, auto kind) { ca.Inject({.at = kind, .reply = Refusal(500, "serverInternal")}); }},
    {"503TwentyTimes",
     [](auto& ca, auto kind) {
       ca.Inject({.at = kind, .reply = {503, {}, "<html>"}, .times = 20});
     }},
    {"429", [](auto& ca, auto kind) { ca.Inject({.at = kind, .reply = Refusal(429, "rateLimited", "45")}); }},
    {"CutAfterItActed", [](auto& ca, auto kind) { ca.Inject({.at = kind, .what = tests::AcmeFault::What::kLostResponse}); }},
    {"CutAfterItActedAndStale",
     [](auto& ca, auto kind) {
       ca.behaviour.world.stale = 2;
       ca.Inject({.at = kind, .what = tests::AcmeFault::What::kLostResponse});
     }},
};

INSTANTIATE_TEST_SUITE_P(Troubles, EachUrl,
                         testing::Combine(testing::Values(tests::AcmeRequest::kOrder, tests::AcmeRequest::kAuthorization,
                                                          tests::AcmeRequest::kChallenge, tests::AcmeRequest::kFinalize,
                                                          tests::AcmeRequest::kCertificate),
                                          testing::ValuesIn(kTroubles)));

// newOrder and the nonces are part of the issuance too, but nothing was handed out yet that a replica might not know.
INSTANTIATE_TEST_SUITE_P(BeforeTheOrder, EachUrl,
                         testing::Combine(testing::Values(tests::AcmeRequest::kNewOrder),
                                          testing::Values(kTroubles[5], kTroubles[6], kTroubles[7])));

TEST_F(WorldTest, A404ThatOutlastsTheReplicasIsFinal) {
  server->Inject({.at = Kind::kAuthorization, .reply = Refusal(404, "malformed"), .times = 1000});

  const auto issued = IssueFor({"a.test"});

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::kNotFound);
  const auto pauses = clock.pauses();
  const auto waited = std::accumulate(pauses.begin(), pauses.end(), 0ms);
  EXPECT_GE(waited, 19s);
  EXPECT_LE(waited, 25s);
}

TEST_F(WorldTest, A404OfTheDirectorysUrlsFailsAtOnceAndNamesTheUrl) {
  const std::pair<Kind, const char*> cases[] = {{Kind::kDirectory, "directory_url: https://acme.test/dir"},
                                                {Kind::kNewNonce, "newNonce: https://acme.test/new-nonce"},
                                                {Kind::kNewAccount, "the directory's URL: https://acme.test/new-account"},
                                                {Kind::kNewOrder, "the directory's URL: https://acme.test/new-order"}};
  for (const auto& [kind, line] : cases) {
    auto fake = std::make_shared<tests::FakeAcmeServer>(clock);
    const auto own = MakeClient({.directory_url = fake->directory_url(), .transport = fake, .random = &random});
    fake->Inject({.at = kind, .reply = {404, {}, "404 page not found"}, .times = 10});

    const auto account = RegisterAccount(Call(), *own, {.key = key});
    const auto order = account ? CreateOrder(Call(), *own, *account, {.dns_names = {"a.test"}}) : account.error();

    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().details, Names{line});
    EXPECT_TRUE(clock.pauses().empty());
  }
}

TEST_F(WorldTest, ALookAtTheAccountWaitsForReplicas) {
  const Account account = Registered();
  server->Inject({.at = Kind::kAccount, .reply = Refusal(404, "malformed"), .times = 3});

  EXPECT_TRUE(FetchAccount(Call(), client(), account));
}

TEST_F(WorldTest, ARateLimitThatOutlastsTheOperationFailsAtOnceAndSaysWhen) {
  server->Inject({.at = Kind::kAuthorization, .reply = Refusal(429, "rateLimited", "3600")});
  const auto start = clock.Now();

  const auto issued = IssueFor({"a.test"});

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().retry_after, start + 1h);
}

// RSA and EC certificates for the same names, in one apply (cert-manager#8960).
TEST_F(WorldTest, OrdersForTheSameNamesFollowOneAnother) {
  server->behaviour.world.shared = true;
  const Account account = Registered();
  const auto other_key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kRsa2048);
  std::vector<base::Result<Issued>> issued(2, base::Error{});
  FakeSolver solvers[] = {FakeSolver(*server), FakeSolver(*server)};

  base::ForEachInParallel(2, 2, [&](std::size_t i) {
    issued[i] = Issue(Call(), client(), account, {.dns_names = {"a.test"}, .key = i == 0 ? key : other_key}, solvers[i]);
  });

  ASSERT_TRUE(issued[0]) << issued[0].error().message;
  ASSERT_TRUE(issued[1]) << issued[1].error().message;
  EXPECT_EQ(issued[0]->chain.front().public_key_der, key.PublicKeyDer());
  EXPECT_EQ(issued[1]->chain.front().public_key_der, other_key.PublicKeyDer());
}

// Sectigo returns even an order that is processing or valid (certbot#8301).
TEST_F(WorldTest, AnOrderThatWasIssuedToAnotherKeyIsAskedForAgain) {
  server->behaviour.world.shared = server->behaviour.world.shares_issued = true;
  const Account account = Registered();
  ASSERT_TRUE(Issue(Call(), client(), account, {.dns_names = {"a.test"}, .key = key}, solver));
  const auto other_key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);

  const auto issued = Issue(Call(), client(), account, {.dns_names = {"a.test"}, .key = other_key}, solver);

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain.front().public_key_der, other_key.PublicKeyDer());
}

TEST_F(WorldTest, AChallengeThatStaysPendingWithAnErrorIsAnsweredAgain) {
  server->behaviour.world.hiccups = 3;

  const auto issued = IssueFor({"a.test", "b.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(server->count(Kind::kChallenge), 8);
  EXPECT_NE(log->text().find("the CA could not validate yet; the challenge is answered again"), std::string::npos);
}

TEST_F(WorldTest, AChallengeIsAnsweredSixTimesAtMostAndTheLastErrorIsQuoted) {
  server->behaviour.world.hiccups = 1000;

  const auto issued = IssueFor({"a.test"});

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(issued.error().details, Names{"a.test: the CA refused: SERVFAIL for the TXT records (dns)"});
  EXPECT_EQ(server->count(Kind::kChallenge), 6);
}

TEST_F(WorldTest, AnErrorReplyToARepeatedAnswerIsNotFinal) {
  server->behaviour.world.hiccups = 2;
  server->Inject({.at = Kind::kChallenge, .reply = Refusal(400, "malformed"), .skip = 1});

  EXPECT_TRUE(IssueFor({"a.test"}));
}

TEST_F(WorldTest, AChallengeThatIsFoundProcessingIsAnswered) {
  server->behaviour.world.found_processing = true;

  const auto issued = IssueFor({"a.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(server->count(Kind::kChallenge), 1);
}

TEST_F(WorldTest, MoreNamesThanOrderedAreFine) {
  server->behaviour.more_certificate_names = "added.test";

  const auto issued = IssueFor({"a.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain.front().dns_names, (Names{"a.test", "added.test"}));
}

TEST_F(WorldTest, WildcardsThatTheCaDoesNotShowAreFine) {
  server->behaviour.shows_wildcards = false;

  const auto issued = IssueFor({"*.a.test", "a.test", "*.b.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(server->count(Kind::kOrder), 2);
}

// The clock of a runner is wrong, not the CA.
TEST_F(WorldTest, ACertificateWhoseDatesDoNotFitOurClockIsTaken) {
  server->behaviour.wrong_certificate = tests::WrongCertificate::kExpired;

  EXPECT_TRUE(IssueFor({"a.test"}));
}

TEST_F(WorldTest, NothingWrongCostsSevenAndNineRequests) {
  const Account account = Registered();
  // Two threads at once may need a nonce more.
  const auto requests = [&] { return server->total() - server->count(Kind::kNewNonce); };
  const int before = requests();
  ASSERT_TRUE(Issue(Call(), client(), account, {.dns_names = {"a.test"}, .key = key}, solver));
  const int one_name = requests() - before;
  ASSERT_TRUE(Issue(Call(), client(), account, {.dns_names = {"b.test", "*.b.test"}, .key = key}, solver));

  EXPECT_EQ(one_name, 7);
  EXPECT_EQ(requests() - before - one_name, 9);
}

// 60 certificates at a CA that takes ten orders in three seconds.
TEST_F(WorldTest, AThrottledApplyEndsWithEveryCertificate) {
  server->behaviour.world.orders_per_window = 10;
  server->behaviour.world.window = 3s;
  const Account account = Registered();
  std::atomic<int> issued = 0;

  base::ForEachInParallel(60, 50, [&](std::size_t i) {
    FakeSolver own(*server);
    if (Issue(Call(), client(), account, {.dns_names = {base::Cat("n", i, ".test")}, .key = key}, own)) ++issued;
  });

  EXPECT_EQ(issued, 60);
  EXPECT_LE(server->refused_orders(), 60);
}

}  // namespace
}  // namespace engine::acme
