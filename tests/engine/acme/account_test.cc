// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/account.h"

#include "base/encoding.h"
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
  EXPECT_TRUE(made->url.starts_with("http://acme.test/account/"));
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
  EXPECT_EQ(account.error().code, "eab");
  EXPECT_EQ(server->count(Kind::kNewAccount), 0);
}

TEST_F(AccountTest, RefusesAMacKeyThatIsNotBase64) {
  const auto account = RegisterWith(ExternalAccountBinding{"kid-1", base::Secret("not base64!")});

  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(account.error().code, "eab");
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

TEST_F(AccountTest, IsDeactivatedOnceAndAgain) {
  const Account account = Registered();

  EXPECT_TRUE(DeactivateAccount(Call(), client(), account));
  EXPECT_TRUE(DeactivateAccount(Call(), client(), account));
  EXPECT_NE(log->text().find("the account was deactivated or gone already"), std::string::npos);
}

TEST_F(AccountTest, DeactivatesAnAccountThatTheCaDoesNotKnow) {
  EXPECT_TRUE(DeactivateAccount(Call(), client(), {"http://acme.test/account/404", key}));
}

TEST_F(AccountTest, DoesNotTakeTroubleForSuccess) {
  const Account account = Registered();
  server->Inject({.at = Kind::kAccount, .reply = {500, {}, ""}, .times = 10});

  EXPECT_FALSE(DeactivateAccount(Call(), client(), account));
}

}  // namespace
}  // namespace engine::acme
