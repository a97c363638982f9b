// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/account.h"

#include "base/encoding.h"
#include "engine/acme/problem.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

using base::ErrorKind;

class AccountTest : public AcmeTest {
 protected:
  base::Result<Account> RegisterWith(std::optional<ExternalAccountBinding> eab) {
    return RegisterAccount(Call(), client(), {.key = key, .contacts = {"mailto:ops@example.test"}, .eab = std::move(eab)});
  }
  static constexpr std::string_view kMacKey = "\xfb\xff\xfe-mac-key-of-the-ca-32-bytes-long";
};

TEST_F(AccountTest, IsMadeOnceAndFoundAfterwards) {
  const auto made = RegisterWith({});
  const auto found = RegisterWith({});

  ASSERT_TRUE(made) << made.error().message;
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(made->url, found->url);
  EXPECT_TRUE(made->url.starts_with("https://acme.test/account/"));
  EXPECT_EQ(server->last_payload(Kind::kNewAccount),
            base::Json({{"contact", {"mailto:ops@example.test"}}, {"termsOfServiceAgreed", true}}));
}

TEST_F(AccountTest, SendsAnEmptyListOfContacts) {
  ASSERT_TRUE(RegisterAccount(Call(), client(), {.key = key}));

  EXPECT_EQ(server->last_payload(Kind::kNewAccount)["contact"], base::Json::array());
}

TEST_F(AccountTest, SaysThatTheTermsMustBeAgreedTo) {
  const auto account = RegisterAccount(Call(), client(), {.key = key, .agree_to_terms = false});

  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().code, "urn:ietf:params:acme:error:userActionRequired");
}

TEST_F(AccountTest, IsBoundToAnExternalAccount) {
  server->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};

  const auto account = RegisterWith(ExternalAccountBinding{"kid-1", base::Secret(base::Base64Url(kMacKey))});

  ASSERT_TRUE(account) << account.error().message;
}

TEST_F(AccountTest, TakesTheMacKeyInStandardBase64Too) {
  server->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};

  const auto account = RegisterWith(ExternalAccountBinding{"kid-1", base::Secret(base::Base64(kMacKey) + "\n")});

  ASSERT_TRUE(account) << account.error().message;
}

TEST_F(AccountTest, AsksForAMissingBindingWithoutBotheringTheCa) {
  server->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};

  const auto account = RegisterWith({});

  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(account.error().blame, (base::Blame{kCaSubject, "eab"}));
  EXPECT_EQ(server->count(Kind::kNewAccount), 0);
}

TEST_F(AccountTest, RefusesAMacKeyThatIsNotBase64) {
  const auto account = RegisterWith(ExternalAccountBinding{"kid-1", base::Secret("not base64!")});

  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(account.error().blame, (base::Blame{kCaSubject, "eab"}));
}

TEST_F(AccountTest, ReportsAWrongMacKey) {
  server->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};

  const auto account =
      RegisterWith(ExternalAccountBinding{"kid-1", base::Secret(base::Base64Url("another key of the same length!!"))});

  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(account.error().message, "the CA refused: external account binding: verification error (unauthorized)");
}

TEST_F(AccountTest, ReportsAContactThatTheCaRefuses) {
  const auto account = RegisterAccount(Call(), client(), {.key = key, .contacts = {"tel:+1"}});

  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().kind, ErrorKind::kInvalid);
}

TEST_F(AccountTest, ChangesItsContacts) {
  const Account account = Registered();

  ASSERT_TRUE(UpdateContacts(Call(), client(), account, {"mailto:new@example.test"}));

  EXPECT_EQ(server->last_payload(Kind::kAccount), base::Json({{"contact", {"mailto:new@example.test"}}}));
}

TEST_F(AccountTest, IsAsTheCaSaysInOneRequest) {
  const Account account = Registered();
  ASSERT_TRUE(UpdateContacts(Call(), client(), account, {"mailto:new@example.test"}));
  const int requests = server->total();

  const auto facts = FetchAccount(Call(), client(), account);

  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->status, "valid");
  EXPECT_EQ(facts->contacts, std::vector<std::string>{"mailto:new@example.test"});
  EXPECT_EQ(server->total(), requests + 1);
}

TEST_F(AccountTest, AnAnswerThatIsNoAccountIsAnError) {
  const Account account = Registered();
  for (const char* body : {"", "<html>", R"({"status":"val)", R"(["valid"])"}) {
    server->Inject({.at = Kind::kAccount, .reply = {200, {}, body}});

    EXPECT_FALSE(FetchAccount(Call(), client(), account)) << body;
  }
}

TEST_F(AccountTest, IsGoneHoweverTheCaSaysSo) {
  const Account account = Registered();
  // Boulder and Pebble; ZeroSSL; RFC 8555 section 7.3; others.
  for (const auto& reply :
       {tests::ProblemReply(403, "unauthorized", "deactivated"), tests::ProblemReply(401, "unauthorized", "x"),
        tests::ProblemReply(400, "accountDoesNotExist", "x"), base::http::Response{404, {}, ""}}) {
    server->Inject({.at = Kind::kAccount, .reply = reply, .times = reply.status == 404 ? 20 : 1});

    const auto facts = FetchAccount(Call(), client(), account);

    ASSERT_FALSE(facts);
    EXPECT_TRUE(IsAccountGone(facts.error())) << reply.status;
  }
}

TEST_F(AccountTest, IsDeactivatedOnceAndAgain) {
  const Account account = Registered();

  EXPECT_TRUE(DeactivateAccount(Call(), client(), account));
  EXPECT_TRUE(DeactivateAccount(Call(), client(), account));
  EXPECT_NE(log->text().find("the account was deactivated or gone already"), std::string::npos);
}

TEST_F(AccountTest, DeactivatesAnAccountThatTheCaDoesNotKnow) {
  EXPECT_TRUE(DeactivateAccount(Call(), client(), {"https://acme.test/account/404", key}));
}

TEST_F(AccountTest, DoesNotTakeTroubleForSuccess) {
  const Account account = Registered();
  server->Inject({.at = Kind::kAccount, .reply = {500, {}, ""}, .times = 10});

  EXPECT_FALSE(DeactivateAccount(Call(), client(), account));
}

TEST_F(AccountTest, IsFoundByItsKeyAndNeverMade) {
  const auto none = FindAccount(Call(), client(), key);
  const auto made = RegisterWith({});
  const auto found = FindAccount(Call(), client(), key);

  ASSERT_FALSE(none);
  EXPECT_TRUE(IsAccountGone(none.error())) << none.error().code;
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->url, made->url);
}

TEST_F(AccountTest, ABindingIsNotSentTwiceWhenTheAnswerIsLost) {
  server->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};
  server->Inject({.at = Kind::kNewAccount, .what = What::kLostResponse});

  const auto account = RegisterWith(ExternalAccountBinding{"kid-1", base::Secret(base::Base64Url(kMacKey))});

  ASSERT_TRUE(account) << account.error().message;
  EXPECT_EQ(server->count(Kind::kNewAccount), 2);
  EXPECT_EQ(server->last_payload(Kind::kNewAccount), base::Json({{"onlyReturnExisting", true}}));
}

TEST_F(AccountTest, ABindingThatWasLostOnTheWayIsReportedAsSuch) {
  server->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};
  server->Inject({.at = Kind::kNewAccount, .what = What::kReset});

  const auto account = RegisterWith(ExternalAccountBinding{"kid-1", base::Secret(base::Base64Url(kMacKey))});

  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().kind, ErrorKind::kUnavailable);
}

class ChangeKeyTest : public AccountTest {
 protected:
  base::crypto::PrivateKey new_key_ = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP384);
  void ExpectChanged(const Account& account) {
    const auto found = FindAccount(Call(), client(), new_key_);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->url, account.url);
    EXPECT_FALSE(FindAccount(Call(), client(), account.key));
  }
};

TEST_F(ChangeKeyTest, GivesTheAccountAnotherKey) {
  const Account account = Registered();

  const auto changed = ChangeKey(Call(), client(), account, new_key_);

  ASSERT_TRUE(changed) << changed.error().message;
  ExpectChanged(account);
}

TEST_F(ChangeKeyTest, SurvivesALostAnswer) {
  const Account account = Registered();
  server->Inject({.at = Kind::kKeyChange, .what = What::kLostResponse});

  const auto changed = ChangeKey(Call(), client(), account, new_key_);

  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(*changed, KeyChange::kDone);

  ExpectChanged(account);
  // The old key signs once more, for an account that has another one by then.
  ASSERT_EQ(server->violations().size(), 1U);
  server->ForgetViolations();
}

TEST_F(ChangeKeyTest, IsDoneWhenAnEarlierRunDidIt) {
  const Account account = Registered();
  ASSERT_TRUE(ChangeKey(Call(), client(), account, new_key_));

  const auto changed = ChangeKey(Call(), client(), account, new_key_);

  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(*changed, KeyChange::kDone);

  ASSERT_EQ(server->violations().size(), 1U);
  server->ForgetViolations();
}

TEST_F(ChangeKeyTest, RefusesTheKeyOfAnotherAccount) {
  const Account account = Registered();
  const Account other = Registered();

  const auto changed = ChangeKey(Call(), client(), account, other.key);

  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, ErrorKind::kConflict);
}

TEST_F(ChangeKeyTest, SaysWhenTheCaOffersNone) {
  server->behaviour.offers_key_change = false;

  const auto changed = ChangeKey(Call(), client(), Registered(), new_key_);

  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(*changed, KeyChange::kNotOffered);
  EXPECT_EQ(server->count(Kind::kKeyChange), 0);
}

TEST_F(ChangeKeyTest, SaysWhenTheAccountIsGone) {
  const Account account = Registered();
  ASSERT_TRUE(DeactivateAccount(Call(), client(), account));

  const auto changed = ChangeKey(Call(), client(), account, new_key_);

  ASSERT_FALSE(changed);
  EXPECT_TRUE(IsAccountGone(changed.error()));
}

}  // namespace
}  // namespace engine::acme
