// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/acme.h"

#include "base/http/proxy_code.h"
#include "base/text.h"
#include "tests/resources/external_ca/acme_fixture.h"
#include "tests/support/handler_transport.h"

namespace resources::external_ca {
namespace {

TEST_F(ExternalCaAcmeTest, MakesAnAccountAndDeactivatesItAtTheEnd) {
  ExpectApplies(Config(), "action: create\n");
  EXPECT_EQ(core_.state().Get("terms_of_service_url"), Value::String("https://acme.test/terms"));
  EXPECT_EQ(core_.state().Get("adopted"), Value::Bool(false));
  const base::Secret key = Sealed().account_key_pem;

  EXPECT_EQ(core_.Destroy().ToText(), "action: delete\n");

  EXPECT_FALSE(Find(key));
}

TEST_F(ExternalCaAcmeTest, NeedsNoDnsWhereNamesAreValidatedInAdvance) {
  const Type dns = core_.Config({}).type().Find("dns")->element();

  ExpectApplies(Config({{"dns", Value::List(dns, {})}}), "action: create\n");

  EXPECT_TRUE(Sealed().dns.empty());
}

TEST_F(ExternalCaAcmeTest, TellsTheIdentitiesForCaaRecords) {
  server_->behaviour.caa_identities = {"ca.example", "ca2.example"};

  ExpectApplies(Config(), "action: create\n");

  EXPECT_EQ(core_.state().Get("caa_identities"),
            Value::List(Type::String(), {Value::String("ca.example"), Value::String("ca2.example")}));
}

TEST_F(ExternalCaAcmeTest, AVerifiedAccountGetsTheIdentitiesThatAnOlderStateLacks) {
  server_->behaviour.caa_identities = {"ca.example"};
  ExpectApplies(Verified(), "action: create\n");
  const Value older = core_.state().With("caa_identities", Value::Null(Type::List(Type::String())));

  const auto read = resource_->Read(parts_.clock.Call(), parts_.context, {.state = older, .private_data = ""});

  EXPECT_EQ(read.stored.state, core_.state());
}

TEST_F(ExternalCaAcmeTest, WhetherCaaIsCheckedIsInTheHandle) {
  ExpectApplies(Config(), "action: create\n");
  EXPECT_TRUE(Sealed().check_caa);

  ExpectApplies(Config({{"check_caa", Value::Bool(false)}}), "action: update\n");

  EXPECT_FALSE(Sealed().check_caa);
}

TEST_F(ExternalCaAcmeTest, RefusesToAgreeToTermsUnasked) {
  ExpectRefused(core_.Apply(Config({{"agree_to_terms", Value::Bool(false)}})), "agree_to_terms", "https://acme.test/terms");
  EXPECT_EQ(server_->count(Kind::kNewAccount), 0);
}

TEST_F(ExternalCaAcmeTest, TheEmailChangesInPlace) {
  ExpectApplies(Config(), "action: create\n");
  const std::string account = AccountUrl();

  ExpectApplies(Config({{"account_email", Value::String("new@example.test")}}), "action: update\n");

  EXPECT_EQ(AccountUrl(), account);
  EXPECT_EQ(server_->last_payload(Kind::kAccount), base::Json({{"contact", {"mailto:new@example.test"}}}));
}

const char kOtherDirectory[] = "https://acme.test/dir?product=two";

TEST_F(ExternalCaAcmeTest, AnotherDirectoryIsAnotherAccountInPlace) {
  ExpectApplies(Config(), "action: create\n");
  const CaPayload before = Sealed();

  ExpectApplies(Config({{"directory_url", Value::String(kOtherDirectory)}}), "action: update\n");

  EXPECT_NE(AccountUrl(), before.account_url);
  EXPECT_EQ(Sealed().directory_url, kOtherDirectory);
  EXPECT_EQ(server_->last_payload(Kind::kAccount), base::Json({{"status", "deactivated"}}));
}

TEST_F(ExternalCaAcmeTest, AnotherDirectoryThatRefusesTheAccountLeavesTheOldOne) {
  ExpectApplies(Config(), "action: create\n");
  const CaPayload before = Sealed();
  server_->Inject({.at = Kind::kNewAccount, .reply = tests::ProblemReply(403, "unauthorized", "not you")});

  ExpectRefused(core_.Apply(Config({{"directory_url", Value::String(kOtherDirectory)}})), "directory_url", "not you");

  EXPECT_EQ(Sealed().account_url, before.account_url);
  EXPECT_EQ(server_->count(Kind::kAccount), 0);
}

TEST_F(ExternalCaAcmeTest, AFormerAccountThatStaysActiveIsAWarning) {
  ExpectApplies(Config(), "action: create\n");
  const std::string account = AccountUrl();
  server_->Inject({.at = Kind::kAccount, .reply = tests::ProblemReply(400, "malformed", "no"), .times = 9});

  const Outcome moved = core_.Apply(Config({{"directory_url", Value::String(kOtherDirectory)}}));

  EXPECT_FALSE(moved.has_failed()) << moved.ToText();
  EXPECT_NE(moved.ToText().find("Account not deactivated: " + account), std::string::npos) << moved.ToText();
  EXPECT_NE(AccountUrl(), account);
}

TEST_F(ExternalCaAcmeTest, BindsToAnExternalAccount) {
  server_->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};

  ExpectApplies(Config({{"eab", GoodEab()}}), "action: create\n");
}

TEST_F(ExternalCaAcmeTest, TakesTheHmacKeyInStandardBase64Too) {
  server_->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};

  ExpectApplies(Config({{"eab", Eab("kid-1", Value::String(base::Base64(kMacKey)))}}), "action: create\n");
}

TEST_F(ExternalCaAcmeTest, ARotatedBindingKeepsTheAccount) {
  server_->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};
  ExpectApplies(Config({{"eab", GoodEab()}}), "action: create\n");
  const std::string account = AccountUrl();
  const int requests = server_->total();

  ExpectApplies(Config({{"eab", Eab("kid-2", Value::String("b3RoZXI"))}}), "action: update\n");
  ExpectApplies(Config(), "action: update\n");

  EXPECT_EQ(AccountUrl(), account);
  EXPECT_EQ(server_->total(), requests);
}

TEST_F(ExternalCaAcmeTest, ABindingThatWasUsedBeforeIsToldAtItsAttribute) {
  struct Answer {
    int status;
    const char* type;
    const char* detail;
  };
  const Answer answers[] = {{403, "unauthorized", "Unknown external account binding key."},                         // Google
                            {400, "malformed", "The account is not awaiting External Account Binding."},            // Sectigo
                            {401, "externalAccountRequired", "The external account binding kid does not match."}};  // DigiCert
  for (const Answer& one : answers) {
    server_->Inject({.at = Kind::kNewAccount, .reply = tests::ProblemReply(one.status, one.type, one.detail)});

    ExpectRefused(core_.Apply(Config({{"eab", GoodEab()}})), "eab", "valid only once");
  }
}

// step-ca.
TEST_F(ExternalCaAcmeTest, AnInternalErrorOverABindingNamesItAsTheLikelyCause) {
  server_->Inject({.at = Kind::kNewAccount,
                   .reply = tests::ProblemReply(500, "serverInternal", "The server could not complete the request")});

  ExpectRefused(core_.Apply(Config({{"eab", GoodEab()}})), "eab", "The likely cause is `eab`");
}

TEST_F(ExternalCaAcmeTest, AContactThatIsMissingIsToldAtItsAttribute) {
  server_->Inject({.at = Kind::kNewAccount, .reply = tests::ProblemReply(400, "invalidContact", "one contact is needed")});

  ExpectRefused(core_.Apply(Config({{"account_email", Value::Null(Type::String())}})), "account_email", "Set `account_email`");
}

// Google Trust Services.
TEST_F(ExternalCaAcmeTest, AMissingContactIsToldAtItsAttributeWhereTheCaCallsItMalformed) {
  server_->Inject(
      {.at = Kind::kNewAccount, .reply = tests::ProblemReply(400, "malformed", "Accounts must have at least one contact.")});

  ExpectRefused(core_.Apply(Config({{"eab", GoodEab()}})), "account_email", "Set `account_email`");
}

// An attempt may use up a binding that is valid once.
TEST_F(ExternalCaAcmeTest, AContactThatAKnownCaRefusesIsToldAtPlan) {
  ExpectRefused(
      core_.Plan(Config({{"directory_url", Value::String("https://dv.acme-v02.api.pki.goog/directory")}, {"eab", GoodEab()}})),
      "directory_url", "Google Trust Services registers no account without a contact");
  ExpectRefused(core_.Plan(Config({{"directory_url", Value::String("https://acme-v02.api.letsencrypt.org/directory")},
                                   {"account_email", Value::String("you@Example.org")}})),
                "account_email", "reserved for examples");
  EXPECT_EQ(server_->total(), 0);
}

// The proxy's refusal is final, and says nothing about the CA's URL.
TEST_F(ExternalCaAcmeTest, AProxysFailureIsToldAsTheProxysAndAskedOnce) {
  base::Error refusal{base::ErrorKind::kUnavailable, "the proxy for acme.test:443 cannot be reached"};
  refusal.code = base::http::kProxyCode;
  int requests = 0;
  tests::HandlerTransport broken([&](const base::Call&, const base::http::Request&) -> base::Result<base::http::Response> {
    ++requests;
    return refusal;
  });
  parts_.context.acme = std::make_shared<AcmeClients>(parts_.random, [&](const auto&) {
    return base::Result<std::shared_ptr<base::http::Transport>>(std::shared_ptr<base::http::Transport>(&broken, [](auto*) {}));
  });

  const Outcome outcome = core_.Apply(Config());

  ExpectRefused(outcome, "name", "HTTPS_PROXY");
  EXPECT_EQ(outcome.ToText().find("directory_url"), std::string::npos) << outcome.ToText();
  EXPECT_EQ(requests, 1);
}

TEST_F(ExternalCaAcmeTest, ARedirectOfTheDirectoryShowsWhereTo) {
  server_->Inject({.at = Kind::kDirectory, .reply = {301, {{"Location", "https://new.acme.test/dir"}}, ""}});

  ExpectRefused(core_.Apply(Config()), "directory_url", "redirects to https://new.acme.test/dir");
}

TEST_F(ExternalCaAcmeTest, ANullAmongTheNameserversIsAnErrorThatNamesThePosition) {
  const auto servers = Value::List(Type::String(), {Value::String("192.0.2.53"), Value::Null(Type::String())});
  const auto propagation = schema::cty::Value::Object({{"nameservers", servers},
                                                       {"resolvers", Value::Null(Type::List(Type::String()))},
                                                       {"timeout", Value::Null(Type::String())},
                                                       {"wait_for", Value::Null(Type::String())},
                                                       {"delay", Value::Null(Type::String())},
                                                       {"disable", Value::Null(Type::Bool())}});

  const auto diagnostics = schema::ValidateConfig(resource_->schema(), Config({{"propagation", propagation}}));

  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_EQ(diagnostics.items().front().path->ToText(), "propagation.nameservers[1]");
  EXPECT_EQ(diagnostics.items().front().summary, "A null in propagation.nameservers");
}

TEST_F(ExternalCaAcmeTest, ABindingThatIsMissingIsToldAtApplyWhereOnlyTheCaKnows) {
  server_->behaviour.eab_keys = {{"kid-1", std::string(kMacKey)}};

  ExpectRefused(core_.Apply(Config()), "eab", "external account binding");
}

TEST_F(ExternalCaAcmeTest, ABindingThatIsMissingIsToldAtPlanForKnownCas) {
  ExpectRefused(core_.Plan(Config({{"directory_url", Value::String("https://acme.zerossl.com/v2/DV90")}})), "directory_url",
                "ZeroSSL");
  ExpectRefused(core_.Plan(Config({{"eab", Eab("kid-1", Value::Null(Type::String()))}})), "eab.hmac_key", "HMAC key");
  EXPECT_EQ(server_->total(), 0);
}

TEST_F(ExternalCaAcmeTest, AnHmacKeyThatIsNoBase64IsToldAtItsPath) {
  ExpectRefused(core_.Plan(Config({{"eab", Eab("kid-1", Value::String("no base64!"))}})), "eab.hmac_key", "not base64");
}

TEST_F(ExternalCaAcmeTest, ACaThatEndedIsToldAtPlan) {
  ExpectRefused(core_.Plan(Config({{"directory_url", Value::String("https://api.buypass.com/acme/directory")}})), "directory_url",
                "Buypass ended");
}

TEST_F(ExternalCaAcmeTest, TakesOverAnAccountByItsKeyAndLeavesItAloneAtTheEnd) {
  const auto foreign = ForeignAccount();
  const Value config = Config({{"account_key_pem", KeyOf(foreign)}, {"account_email", Value::String("ops@example.test")}});

  ExpectApplies(config, "action: create\n");

  EXPECT_EQ(AccountUrl(), foreign.url);
  EXPECT_EQ(core_.state().Get("adopted"), Value::Bool(true));
  EXPECT_EQ(server_->last_payload(Kind::kAccount), base::Json({{"contact", {"mailto:ops@example.test"}}}));
  EXPECT_EQ(core_.Destroy().ToText(), "action: delete\n");
  EXPECT_TRUE(Find(foreign.key.ToPem()));
}

TEST_F(ExternalCaAcmeTest, TakesOverWithAKeyThatIsKnownAtApply) {
  const auto foreign = ForeignAccount();
  const Value planned = Config({{"account_key_pem", Value::Unknown(Type::String())}});

  const Outcome applied = core_.Apply(planned, Config({{"account_key_pem", KeyOf(foreign)}}));

  EXPECT_EQ(applied.ToText(), "action: create\n");
  EXPECT_EQ(AccountUrl(), foreign.url);
}

TEST_F(ExternalCaAcmeTest, SaysWhenThereIsNoAccountForTheKey) {
  const auto key = base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256);

  ExpectRefused(core_.Apply(Config({{"account_key_pem", Value::String(std::string(key->ToPem().Reveal()))}})), "account_key_pem",
                "no active account for this key");
  EXPECT_TRUE(core_.state().is_null());
}

TEST_F(ExternalCaAcmeTest, IsImportedByItsDirectoryAndTheAccountsKey) {
  const auto foreign = ForeignAccount();
  ASSERT_FALSE(core_.Import(server_->directory_url()).has_failed());

  ExpectRefused(core_.Plan(Config()), "account_key_pem", "adopts the account");
  ExpectApplies(Config({{"account_key_pem", KeyOf(foreign)}}), "action: update\n");

  EXPECT_EQ(AccountUrl(), foreign.url);
  EXPECT_EQ(core_.state().Get("adopted"), Value::Bool(true));
  ExpectApplies(Config(), "action: no change\n");
}

TEST_F(ExternalCaAcmeTest, ImportWantsAUrl) { EXPECT_TRUE(core_.Import("lets-encrypt").has_failed()); }

TEST_F(ExternalCaAcmeTest, IsMovedFromAnAcmeRegistrationWithoutARequest) {
  const auto foreign = ForeignAccount();
  const std::string state = nlohmann::json{{"id", foreign.url},
                                           {"registration_url", foreign.url},
                                           {"email_address", "ops@example.test"},
                                           {"account_key_pem", std::string(foreign.key.ToPem().Reveal())}}
                                .dump();
  const int requests = server_->total();
  const Value config = Config({{"account_email", Value::String("ops@example.test")}, {"account_key_version", Number(1)}});
  const MoveRequest move{.source_type = "acme_registration", .source_json = state};
  ASSERT_FALSE(core_.Move(move, FakeCore::Refreshing::kSkipped).has_failed());
  ExpectRefused(core_.Plan(config), "handle", "plan without -refresh=false");
  ASSERT_FALSE(core_.Move(move).has_failed());

  ExpectApplies(config, "action: update\n");

  EXPECT_EQ(Sealed().account_key_pem, foreign.key.ToPem());
  EXPECT_EQ(Sealed().account_url, foreign.url);
  EXPECT_EQ(Sealed().directory_url, server_->directory_url());
  EXPECT_EQ(core_.private_data().find("PRIVATE"), std::string::npos);
  EXPECT_EQ(server_->total(), requests);
}

TEST_F(ExternalCaAcmeTest, AnotherVersionIsAnotherKey) {
  ExpectApplies(Config(), "action: create\n");
  const std::string account = AccountUrl();
  const base::Secret first = Sealed().account_key_pem;

  ExpectApplies(Config({{"account_key_version", Number(1)}}), "action: update\n");
  const base::Secret second = Sealed().account_key_pem;
  ExpectApplies(Config({{"account_key_version", Number(2)}}), "action: update\n");

  EXPECT_FALSE(second == first);
  EXPECT_FALSE(Sealed().account_key_pem == second);
  EXPECT_EQ(Find(Sealed().account_key_pem)->url, account);
  EXPECT_FALSE(Find(first));
  EXPECT_EQ(AccountUrl(), account);
  ExpectApplies(Config(), "action: update\n");  // the version may go: the key stays
  EXPECT_EQ(server_->count(Kind::kKeyChange), 2);
}

TEST_F(ExternalCaAcmeTest, AKeyChangeThatWasKilledIsFinishedByTheNextRun) {
  ExpectApplies(Config(), "action: create\n");
  const Value config = Config({{"account_key_version", Number(1)}});
  // The CA changes the key, and then nothing gets through: as if the process were killed before it could save.
  server_->Inject({.at = Kind::kKeyChange, .what = What::kLostResponse});
  server_->Inject({.at = Kind::kKeyChange, .what = What::kReset, .times = 20});
  server_->Inject({.at = Kind::kNewAccount, .what = What::kReset, .times = 20});
  ASSERT_TRUE(core_.Apply(config).has_failed());
  for (int i = 0; i < 40; ++i) (void)Find(Sealed().account_key_pem);  // uses up what is left of the faults

  ExpectApplies(config, "action: update\n");

  EXPECT_EQ(Find(Sealed().account_key_pem)->url, AccountUrl());
  server_->ForgetViolations();  // the old key signed for an account that had the new one
}

TEST_F(ExternalCaAcmeTest, ACaWithoutKeyChangeIsExplained) {
  server_->behaviour.offers_key_change = false;
  ExpectApplies(Config(), "action: create\n");

  ExpectRefused(core_.Apply(Config({{"account_key_version", Number(1)}})), "account_key_version", "keyChange");

  ExpectApplies(Config(), "action: no change\n");
}

TEST_F(ExternalCaAcmeTest, AnAccountThatIsGoneSaysWhatToDoAndBlocksNoDestroy) {
  ExpectApplies(Config(), "action: create\n");
  const auto client = parts_.context.acme->Get(server_->directory_url(), "");
  ASSERT_TRUE(engine::acme::DeactivateAccount(parts_.clock.Call(), **client,
                                              {AccountUrl(), *base::crypto::ParsePrivateKey(Sealed().account_key_pem)}));

  ExpectRefused(core_.Apply(Config({{"account_email", Value::String("new@example.test")}})), "account_email", "-replace");
  ExpectRefused(core_.Apply(Config({{"account_key_version", Number(1)}})), "account_key_version", "-replace");

  EXPECT_EQ(core_.Destroy().ToText(), "action: delete\n");
}

TEST_F(ExternalCaAcmeTest, ALostSealingKeySaysWhatToDoAndBlocksNoDestroy) {
  ExpectApplies(Config(), "action: create\n");
  parts_.context.sealer = Sealer::Ready(tests::TestKey('z'), {});

  ExpectRefused(core_.Plan(Config()), "handle", "terraform taint");
  const Outcome destroyed = core_.Destroy();

  EXPECT_FALSE(destroyed.has_failed()) << destroyed.ToText();
  EXPECT_NE(destroyed.ToText().find("Account not deactivated: https://acme.test/account/"), std::string::npos)
      << destroyed.ToText();
}

TEST_F(ExternalCaAcmeTest, APreviousSealingKeyReSealsAndAsksTheCaNothing) {
  ExpectApplies(Config(), "action: create\n");
  const CaPayload before = Sealed();
  const int requests = server_->total();
  parts_.context.sealer = Sealer::Ready(tests::TestKey('b'), {tests::TestKey('a')});

  ExpectApplies(Config(), "action: update\n");

  EXPECT_FALSE(parts_.context.sealer.IsStale(core_.state().Get("handle").AsString()));
  EXPECT_EQ(Sealed().account_key_pem, before.account_key_pem);
  EXPECT_EQ(server_->total(), requests);
}

TEST_F(ExternalCaAcmeTest, ARefreshAsksNothingUnlessItIsToVerify) {
  ExpectApplies(Config(), "action: create\n");
  const int requests = server_->total();

  EXPECT_EQ(core_.Refresh().ToText(), "action: no change\n");

  EXPECT_EQ(server_->total(), requests);
}

TEST_F(ExternalCaAcmeTest, VerifiesAnAccountInOneRequest) {
  ExpectApplies(Verified(), "action: create\n");
  const int requests = server_->total();

  EXPECT_EQ(core_.Refresh().ToText(), "action: no change\n");

  EXPECT_EQ(server_->total(), requests + 1);
  EXPECT_EQ(server_->count(Kind::kAccount), 2);  // the refresh after the apply, and this one
}

TEST_F(ExternalCaAcmeTest, AContactThatWasChangedElsewhereIsPlannedToBeSetRight) {
  ExpectApplies(Verified(), "action: create\n");
  const engine::acme::Account account{AccountUrl(), *base::crypto::ParsePrivateKey(Sealed().account_key_pem)};
  const auto client = parts_.context.acme->Get(server_->directory_url(), "");
  ASSERT_TRUE(engine::acme::UpdateContacts(parts_.clock.Call(), **client, account, {"mailto:thief@example.test"}));

  ExpectApplies(Verified(), "action: update\n");

  EXPECT_EQ(engine::acme::FetchAccount(parts_.clock.Call(), **client, account)->contacts,
            std::vector<std::string>{"mailto:ops@example.test"});
}

TEST_F(ExternalCaAcmeTest, ACaThatTellsNoContactsMakesNoChanges) {
  ExpectApplies(Verified(), "action: create\n");
  server_->Inject({.at = Kind::kAccount, .reply = {.status = 200, .body = R"({"status":"valid"})"}, .times = 2});

  ExpectApplies(Verified(), "action: no change\n");
}

TEST_F(ExternalCaAcmeTest, AnAccountThatIsGoneIsAWarningOfTheRefreshAndBlocksNoDestroy) {
  ExpectApplies(Verified(), "action: create\n");
  const auto client = parts_.context.acme->Get(server_->directory_url(), "");
  ASSERT_TRUE(engine::acme::DeactivateAccount(parts_.clock.Call(), **client,
                                              {AccountUrl(), *base::crypto::ParsePrivateKey(Sealed().account_key_pem)}));

  const Outcome planned = core_.Plan(Verified());
  const Outcome destroyed = core_.Destroy();

  EXPECT_FALSE(planned.has_failed()) << planned.ToText();
  EXPECT_NE(planned.ToText().find("The account is gone: https://acme.test/account/"), std::string::npos) << planned.ToText();
  EXPECT_NE(planned.ToText().find("terraform apply -replace="), std::string::npos) << planned.ToText();
  EXPECT_FALSE(destroyed.has_failed()) << destroyed.ToText();
  EXPECT_TRUE(core_.state().is_null());
}

TEST_F(ExternalCaAcmeTest, AnAccountOfAnotherStatusIsGoneToo) {
  ExpectApplies(Verified(), "action: create\n");
  server_->Inject({.at = Kind::kAccount, .reply = {.status = 200, .body = R"({"status":"revoked"})"}});

  const Outcome refreshed = core_.Refresh();

  EXPECT_NE(refreshed.ToText().find("status at the CA is \"revoked\""), std::string::npos) << refreshed.ToText();
}

TEST_F(ExternalCaAcmeTest, ACaThatIsDownIsAWarningAndThePlanGoesOn) {
  ExpectApplies(Verified(), "action: create\n");
  server_->Inject({.at = Kind::kAccount, .what = What::kReset, .times = 100});

  const Outcome planned = core_.Plan(Verified());

  EXPECT_EQ(planned.action, tests::Action::kNone);
  EXPECT_FALSE(planned.has_failed()) << planned.ToText();
  EXPECT_NE(planned.ToText().find("The account was not verified: https://acme.test/account/"), std::string::npos)
      << planned.ToText();
}

TEST_F(ExternalCaAcmeTest, WithAnotherSealingKeyNothingIsVerifiedAndNothingIsAsked) {
  ExpectApplies(Verified(), "action: create\n");
  const int requests = server_->total();
  parts_.context.sealer = Sealer::Ready(tests::TestKey('z'), {});

  const Outcome refreshed = core_.Refresh();

  EXPECT_FALSE(refreshed.has_failed()) << refreshed.ToText();
  EXPECT_NE(refreshed.ToText().find("The account was not verified"), std::string::npos) << refreshed.ToText();
  EXPECT_EQ(server_->total(), requests);
}

TEST_F(ExternalCaAcmeTest, AnImportedCaIsVerifiedOnceItHasItsAccount) {
  const auto foreign = ForeignAccount();
  ASSERT_FALSE(core_.Import(server_->directory_url()).has_failed());

  ExpectApplies(Config({{"account_key_pem", KeyOf(foreign)}, {"verify_on_refresh", Value::Bool(true)}}), "action: update\n");

  EXPECT_EQ(server_->count(Kind::kAccount), 1);
}

}  // namespace
}  // namespace resources::external_ca
