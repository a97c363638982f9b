// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/issue.h"

#include "base/parallel.h"
#include "base/text.h"
#include "base/time_format.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using Pauses = std::vector<std::chrono::milliseconds>;

class IssueTest : public AcmeTest {
 protected:
  // Requests of the order itself: without directory, newNonce and account.
  int OrderRequests() const {
    return server->total() - server->count(Kind::kDirectory) - server->count(Kind::kNewNonce) - server->count(Kind::kNewAccount);
  }
};

TEST_F(IssueTest, NeedsSevenRequestsForOneName) {
  const auto issued = IssueFor({"example.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain.size(), 2U);
  EXPECT_EQ(issued->chain[0].dns_names, Names{"example.test"});
  EXPECT_TRUE(issued->certificate_url.starts_with("https://acme.test/cert/"));
  EXPECT_EQ(OrderRequests(), 7);
  EXPECT_EQ(server->count(Kind::kDirectory), 1);
  EXPECT_EQ(server->count(Kind::kNewNonce), 1);
}

TEST_F(IssueTest, NeedsTwoMoreRequestsForEachFurtherName) {
  ASSERT_TRUE(IssueFor({"example.test", "*.example.test", "a.test"}));

  EXPECT_EQ(OrderRequests(), 11);
  EXPECT_EQ(solver.places, 1);
  EXPECT_EQ(solver.placed.size(), 3U);
}

TEST_F(IssueTest, ProvesByDnsAccount01UnderTheAccountsLabel) {
  Account account = Registered();
  account.validation = ValidationMethod::kDnsAccount01;
  server->behaviour.only_challenge = "dns-account-01";
  server->behaviour.account_label = AccountLabel(account.url);

  const auto issued = Issue(Call(), client(), account, {.dns_names = {"example.test", "*.example.test"}, .key = key}, solver);

  const std::string name = base::Cat(AccountLabel(account.url), "._acme-challenge.example.test.");
  EXPECT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(solver.prepared.front(), name);
  EXPECT_EQ(solver.placed.front().fqdn, name);
}

// The record is somebody else's: it is looked for before the order, and neither placed nor removed.
TEST_F(IssueTest, ProvesByARecordThatStands) {
  Account account = Registered();
  account.validation = ValidationMethod::kDnsPersist01;
  server->behaviour.only_challenge = "dns-persist-01";
  server->behaviour.caa_identities = server->behaviour.issuer_domain_names = {"ca.test"};
  const std::string value = base::Cat("ca.test; accounturi=", account.url);
  server->SetTxt("_validation-persist.example.test.", value);
  server->SetTxt("_validation-persist.example.test.", value + "; policy=wildcard");

  const auto issued = Issue(Call(), client(), account, {.dns_names = {"example.test", "*.example.test"}, .key = key}, solver);

  EXPECT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(solver.prepared.front(), "_validation-persist.example.test.");
  EXPECT_EQ(solver.preparations, 2);
  EXPECT_EQ(solver.places, 0);
  EXPECT_EQ(OrderRequests(), 9);
  for (const auto& [name, text] : server->txt()) server->ClearTxt(name, text);
}

TEST_F(IssueTest, ARecordThatStandsIsMissedBeforeTheOrder) {
  Account account = Registered();
  account.validation = ValidationMethod::kDnsPersist01;
  solver.prepare_outcome = base::Error{base::ErrorKind::kNotFound, "missing"};

  EXPECT_FALSE(Issue(Call(), client(), account, {.dns_names = {"example.test"}, .key = key}, solver));

  EXPECT_EQ(server->count(Kind::kNewOrder), 0);
}

TEST_F(IssueTest, SaysWhichChallengeTheCaLacks) {
  Account account = Registered();
  account.validation = ValidationMethod::kDnsAccount01;

  const auto issued = Issue(Call(), client(), account, {.dns_names = {"a.test"}, .key = key}, solver);

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().message, "the CA offers no DNS challenge (dns-account-01) for a.test");
}

TEST_F(IssueTest, NeedsFourRequestsWhenNamesAreValidAlready) {
  server->behaviour.authorization_status = {{"example.test", "valid"}, {"*.example.test", "valid"}};

  ASSERT_TRUE(IssueFor({"example.test", "*.example.test"}));

  EXPECT_EQ(OrderRequests(), 4);
  EXPECT_EQ(solver.places, 0);
}

// Sectigo shows names that were validated in advance with a challenge of its own, "sectigo-email-01".
TEST_F(IssueTest, NamesThatAreValidAlreadyNeedNoDnsChallenge) {
  server->behaviour.authorization_status = {{"a.test", "valid"}};
  server->behaviour.only_challenge = "sectigo-email-01";

  const auto issued = IssueFor({"a.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(solver.places, 0);
}

TEST_F(IssueTest, NeedsOnePollLessWhenFinalizeAnswersValid) {
  server->behaviour.polls_until_valid = 0;

  ASSERT_TRUE(IssueFor({"example.test"}));

  EXPECT_EQ(OrderRequests(), 6);
}

TEST_F(IssueTest, ProvesOnlyTheNamesThatAreNotValidYet) {
  server->behaviour.authorization_status = {{"a.test", "valid"}};

  ASSERT_TRUE(IssueFor({"a.test", "b.test"}));

  ASSERT_EQ(solver.placed.size(), 1U);
  EXPECT_EQ(solver.placed[0].fqdn, "_acme-challenge.b.test.");
  EXPECT_EQ(server->count(Kind::kChallenge), 1);
}

TEST_F(IssueTest, TakesAuthorizationsInAnyOrder) {
  server->behaviour.reverse_authorizations = true;

  ASSERT_TRUE(IssueFor({"a.test", "b.test", "*.b.test"}));
}

TEST_F(IssueTest, PlacesOneRecordWhenApexAndWildcardShareTheToken) {
  server->behaviour.same_token = true;

  ASSERT_TRUE(IssueFor({"example.test", "*.example.test"}));

  EXPECT_EQ(solver.placed.size(), 1U);
  EXPECT_EQ(server->count(Kind::kChallenge), 2);
}

TEST_F(IssueTest, PlacesTwoRecordsOfOneNameForApexAndWildcard) {
  ASSERT_TRUE(IssueFor({"example.test", "*.example.test"}));

  ASSERT_EQ(solver.placed.size(), 2U);
  EXPECT_EQ(solver.placed[0].identifier, "example.test");
  EXPECT_EQ(solver.placed[0].fqdn, solver.placed[1].fqdn);
  EXPECT_NE(solver.placed[0].value, solver.placed[1].value);
}

TEST_F(IssueTest, IssuesAHundredNamesAtOnce) {
  Names names;
  for (int i = 0; i < 100; ++i) names.push_back(base::Cat("n", i, ".example.test"));

  const auto issued = IssueFor(names);

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain[0].dns_names.size(), 100U);
  EXPECT_EQ(OrderRequests(), 205);
  EXPECT_LE(server->count(Kind::kNewNonce), 16);
}

TEST_F(IssueTest, ServesManyIssuancesAtOnce) {
  const Account account = Registered();
  std::vector<std::string> failures(20);

  base::ForEachInParallel(20, 20, [&](std::size_t i) {
    FakeSolver own(*server);
    const std::string name = base::Cat("n", i, ".test");
    const auto issued = Issue(Call(), client(), account, {.dns_names = {name, "*." + name}, .key = key}, own);
    if (!issued) failures[i] = issued.error().message;
  });

  EXPECT_EQ(failures, Names(20));
  EXPECT_EQ(OrderRequests(), 20 * 9);
  EXPECT_EQ(server->count(Kind::kDirectory), 1);
  EXPECT_LE(server->count(Kind::kNewNonce), 40);
}

TEST_F(IssueTest, SignsWithEveryAccountKey) {
  using base::crypto::KeyAlgorithm;
  for (const auto algorithm : {KeyAlgorithm::kEcP256, KeyAlgorithm::kEcP384, KeyAlgorithm::kRsa2048}) {
    const auto issued = Issue(Call(), client(), Registered(algorithm), {.dns_names = {"example.test"}, .key = key}, solver);
    EXPECT_TRUE(issued) << issued.error().message;
  }
}

TEST_F(IssueTest, ResolvesRelativeUrls) {
  server->behaviour.relative_urls = true;

  const auto issued = IssueFor({"example.test"});

  ASSERT_TRUE(issued) << issued.error().message;
}

TEST_F(IssueTest, WaitsLongForASlowCa) {
  server->behaviour.polls_until_ready = 9;
  server->behaviour.polls_until_valid = 30;

  const auto issued = IssueFor({"example.test"});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_NE(log->text().find("waiting for the CA step=issuance of the certificate names=example.test"), std::string::npos)
      << log->text();
}

TEST_F(IssueTest, WaitsAsLongAsRetryAfterSaysInSeconds) {
  server->behaviour.order_retry_after = "3";

  ASSERT_TRUE(IssueFor({"example.test"}));

  EXPECT_EQ(clock.pauses(), (Pauses{3s, 3s}));
}

TEST_F(IssueTest, WaitsAsLongAsRetryAfterSaysAsADate) {
  server->behaviour.order_retry_after = base::FormatHttpDate(clock.Now() + 7s);

  ASSERT_TRUE(IssueFor({"example.test"}));

  EXPECT_EQ(clock.pauses(), (Pauses{7s, 250ms}));  // past at the second poll: not at once, but soon
}

TEST_F(IssueTest, DoesNotObeyARetryAfterOfADay) {
  server->behaviour.order_retry_after = "86400";

  ASSERT_TRUE(IssueFor({"example.test"}));

  EXPECT_EQ(clock.pauses(), (Pauses{100ms, 100ms}));
}

TEST_F(IssueTest, AsksForAProfileOnlyWhenTheCaOffersIt) {
  server->behaviour.profiles = {"classic", "shortlived"};
  const Account account = Registered();

  const auto unknown = Issue(Call(), client(), account, {.dns_names = {"a.test"}, .key = key, .profile = "longlived"}, solver);
  const auto known = Issue(Call(), client(), account, {.dns_names = {"a.test"}, .key = key, .profile = "shortlived"}, solver);

  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(unknown.error().message, "the CA has no profile longlived; it offers: classic, shortlived");
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_EQ(server->last_payload(Kind::kNewOrder)["profile"], "shortlived");
  EXPECT_EQ(server->orders(), 1);
}

TEST_F(IssueTest, WarnsOfARecordThatIsLeft) {
  solver.remove_outcome =
      base::Error{base::ErrorKind::kUnavailable, "the server is gone", {}, {}, "", {"_acme-challenge.example.test."}};

  const auto issued = IssueFor({"example.test"});

  ASSERT_TRUE(issued);
  EXPECT_EQ(issued->warnings, Names{"_acme-challenge.example.test."});
}

TEST_F(IssueTest, TellsItsProgress) {
  ASSERT_TRUE(IssueFor({"a.test", "b.test"}));

  for (const char* step : {"order placed", "challenge records placed", "challenge records visible", "names validated",
                           "certificate issued", "challenge records removed"}) {
    EXPECT_NE(log->text().find(base::Cat(step, " names=a.test, b.test")), std::string::npos) << step << "\n" << log->text();
  }
}

TEST_F(IssueTest, LogsNoTokenNoRecordValueNoNonce) {
  ASSERT_TRUE(IssueFor({"example.test"}));

  EXPECT_EQ(log->text().find(solver.placed[0].value), std::string::npos);
  EXPECT_EQ(log->text().find("token_"), std::string::npos);
  EXPECT_EQ(log->text().find("nonce_"), std::string::npos);
}

}  // namespace
}  // namespace engine::acme
