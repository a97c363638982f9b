// SPDX-License-Identifier: MPL-2.0
// The years after the first apply, against the strict CA: renewal by the CA's window, by rule, with and without the same key, and
// what a destroy revokes.
#include <gtest/gtest.h>

#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/account.h"
#include "resources/certificate/certificate.h"
#include "resources/certificate/private_state.h"
#include "resources/sealed/journal.h"
#include "resources/sealed/payload.h"
#include "schema/merge.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_acme_server.h"
#include "tests/support/fake_core.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/handler_transport.h"
#include "tests/support/settings.h"
#include "tests/support/temporary_folder.h"

namespace resources::certificate {
namespace {

using sealed::Journal;
using sealed::OpenCertificate;
using sealed::SealCa;

using namespace std::chrono_literals;
using schema::cty::Type;
using schema::cty::Value;
using tests::Action;
using Kind = tests::AcmeRequest;

class CertificateLifeTest : public testing::Test {
 protected:
  CertificateLifeTest() {
    parts_.context.random = &base::SystemRandom();
    parts_.context.http = dns_;
    StartRun();
    SetWindow(59 * 24h, 61 * 24h);
    account_ = Register();
  }

  void TearDown() override { EXPECT_EQ(server_->violations(), std::vector<std::string>{}); }

  // A new process: nothing is known of the CA any more.
  void StartRun() {
    parts_.context.acme = std::make_shared<AcmeClients>(
        base::SystemRandom(), [this](const auto&) { return std::shared_ptr<base::http::Transport>(server_); });
    parts_.context.issuances = std::make_shared<Issuances>();
    parts_.context.journal.reset();  // unlocks the folder for the next
    parts_.context.journal = std::make_shared<Journal>(folder_.path().string(), base::SystemRandom(), parts_.context.sealer);
  }

  void SetWindow(std::chrono::hours from_now, std::chrono::hours to) {
    server_->behaviour.renewal_start = base::FormatRfc3339(parts_.clock.Now() + from_now);
    server_->behaviour.renewal_end = base::FormatRfc3339(parts_.clock.Now() + to);
  }

  engine::acme::Account Register() {
    auto client = parts_.context.acme->Get(server_->directory_url(), "");
    return *engine::acme::RegisterAccount(parts_.clock.Call(), **client,
                                          {.key = *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256)});
  }

  static std::vector<engine::dns::DnsConnection> Webhook() {
    return {{.connection = {.kind = "webhook",
                            .id = "dns",
                            .settings = tests::ConnectionSettings("webhook", {{"endpoint_url", "https://webhook.test"}})},
             .zone = "a.test"}};
  }
  std::string CaHandle(const engine::acme::Account& account, std::vector<engine::dns::DnsConnection> dns = Webhook()) const {
    return *SealCa(parts_.context.sealer, {.directory_url = server_->directory_url(),
                                           .account_url = account.url,
                                           .trusted_roots_pem = server_->ca().root_pem(),
                                           .account_key_pem = account.key.ToPem(),
                                           .dns = std::move(dns),
                                           .propagation = {.resolvers = {resolver_.text()}, .disable = true}});
  }

  Value Config(Value::Members more = {}) const {
    more.emplace("external_ca", Value::String(CaHandle(*account_)));
    more.emplace("dns_names", Value::Set(Type::String(), {Value::String("a.test")}));
    return core_.Config(std::move(more));
  }

  void Apply(const Value& config) {
    const tests::Outcome outcome = core_.Apply(config);
    EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
    EXPECT_EQ(outcome.violations, std::vector<std::string>{});
  }

  Value Renewal(const char* member) const { return core_.state().Get("renewal").Get(member); }
  std::string Serial() const { return core_.state().Get("serial_number").AsString(); }
  std::string PublicKey() const {
    const auto opened = OpenCertificate(parts_.context.sealer, core_.state().Get("handle").AsString());
    return base::crypto::ParsePrivateKey(opened->private_key_pem)->PublicKeyDer();
  }
  bool LastOrderReplaces() const { return server_->last_payload(Kind::kNewOrder).contains("replaces"); }
  ChangeResult Read() {
    return resource_->Read(parts_.clock.Call(), parts_.context, {.state = core_.state(), .private_data = core_.private_data()});
  }

  tests::TestContext parts_;
  tests::TemporaryFolder folder_;
  std::shared_ptr<tests::FakeAcmeServer> server_ = std::make_shared<tests::FakeAcmeServer>(parts_.clock);
  tests::FakeDnsServer resolver_{[](const tests::DnsAsked&) { return tests::DnsAnswer{.rcode = base::dns::Rcode::kNxDomain}; }};
  std::shared_ptr<base::http::Transport> dns_ =
      std::make_shared<tests::HandlerTransport>([this](const base::Call&, const base::http::Request& request) {
        const auto body = *base::ParseJsonObject(request.body);
        const std::string fqdn = *base::FindString(body, "fqdn");
        const std::string value = *base::FindString(body, "value");
        if (request.url.ends_with("/present")) server_->SetTxt(fqdn, value);
        return base::http::Response{.status = 200, .headers = {}, .body = {}};
      });
  std::unique_ptr<Resource> resource_ = MakeCertificate();
  tests::FakeCore core_{*resource_, parts_.context, parts_.clock};
  std::optional<engine::acme::Account> account_;
};

TEST_F(CertificateLifeTest, TheFirstApplyKnowsTheWindowAndLaterPlansAskNothing) {
  Apply(Config());

  EXPECT_EQ(Renewal("window_start"), Value::String(server_->behaviour.renewal_start));
  EXPECT_EQ(Renewal("explanation_url"), Value::String("https://acme.test/why"));
  EXPECT_GE(Renewal("due_at").AsString(), server_->behaviour.renewal_start);
  EXPECT_LT(Renewal("due_at").AsString(), server_->behaviour.renewal_end);
  EXPECT_EQ(server_->count(Kind::kRenewalInfo), 1);
  StartRun();
  const int before = server_->total();
  EXPECT_EQ(core_.Plan(Config()).action, Action::kNone);
  EXPECT_EQ(server_->total(), before);
}

TEST_F(CertificateLifeTest, IsRenewedOnceTheWindowIsPast) {
  Apply(Config());
  const std::string serial = Serial();
  const std::string key = PublicKey();
  parts_.clock.Advance(61 * 24h);
  const std::string old_start = server_->behaviour.renewal_start;
  EXPECT_EQ(core_.Plan(Config()).action, Action::kUpdate);
  SetWindow(59 * 24h, 61 * 24h);

  Apply(Config());

  EXPECT_NE(Serial(), serial);
  EXPECT_NE(PublicKey(), key);
  EXPECT_TRUE(LastOrderReplaces());
  EXPECT_NE(Renewal("window_start"), Value::String(old_start));
  EXPECT_EQ(core_.Plan(Config()).action, Action::kNone);
}

// A certificate that was revoked by its CA: the window lies in the past from the first answer on.
TEST_F(CertificateLifeTest, AWindowThatMovesIntoThePastMeansNow) {
  Apply(Config());
  parts_.clock.Advance(7h);
  SetWindow(-2h, -1h);

  EXPECT_EQ(core_.Plan(Config()).action, Action::kUpdate);
}

TEST_F(CertificateLifeTest, KeepsTheInstantWhileTheWindowIsUnchanged) {
  Apply(Config());
  const Value renewal = core_.state().Get("renewal");
  parts_.clock.Advance(7h);

  core_.Refresh();

  EXPECT_EQ(server_->count(Kind::kRenewalInfo), 2);
  EXPECT_EQ(core_.state().Get("renewal"), renewal);
}

TEST_F(CertificateLifeTest, AThousandCertificatesCostNothingWithinRetryAfterAndOneRequestEachBehindIt) {
  Apply(Config());
  StartRun();
  const int before = server_->total();

  for (int i = 0; i < 1000; ++i) (void)Read();
  EXPECT_EQ(server_->total(), before);

  parts_.clock.Advance(7h);
  for (int i = 0; i < 1000; ++i) (void)Read();
  EXPECT_EQ(server_->count(Kind::kRenewalInfo), 1 + 1000);
  EXPECT_EQ(server_->total(), before + 1000 + 1);  // and the directory, once
}

TEST_F(CertificateLifeTest, ACaThatIsDownLeavesPlanAndStateAsTheyAre) {
  Apply(Config());
  const Value state = core_.state();
  parts_.clock.Advance(7h);
  StartRun();
  server_->Inject({.at = Kind::kDirectory, .what = tests::AcmeFault::What::kReset, .times = 1000});

  const tests::Outcome outcome = core_.Plan(Config());
  const auto requests = server_->count(Kind::kDirectory);
  for (int i = 0; i < 1000; ++i) (void)Read();

  EXPECT_EQ(outcome.ToText(), "action: no change\n");
  EXPECT_EQ(core_.state(), state);
  EXPECT_EQ(server_->count(Kind::kDirectory), requests) << "the failure is shared";
}

TEST_F(CertificateLifeTest, ACaWithoutRenewalInfoIsAskedOnceADayAndTheLifetimeDecides) {
  server_->behaviour.renewal_start.clear();
  StartRun();
  Apply(Config());

  EXPECT_TRUE(Renewal("window_start").is_null());
  EXPECT_EQ(core_.Plan(Config()).action, Action::kNone);
  parts_.clock.Advance(61 * 24h);
  EXPECT_EQ(core_.Plan(Config()).action, Action::kUpdate);
  Apply(Config());
  EXPECT_FALSE(LastOrderReplaces());
}

TEST_F(CertificateLifeTest, AWindowBehindTheEndIsNotFollowed) {
  SetWindow(100 * 24h, 101 * 24h);

  Apply(Config());

  EXPECT_TRUE(Renewal("window_start").is_null());
  EXPECT_LT(Renewal("due_at").AsString(), core_.state().Get("not_after").AsString());
}

TEST_F(CertificateLifeTest, TheEarlierOfTheCasWindowAndRenewBeforeIsTaken) {
  const struct {
    const char* renew_before;
    std::chrono::hours not_yet;
    std::chrono::hours due;
  } cases[] = {{"10d", 58 * 24h, 61 * 24h}, {"40d", 49 * 24h, 51 * 24h}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.renew_before);
    SetWindow(59 * 24h, 61 * 24h);
    const Value config = Config({{"renew_before", Value::String(one.renew_before)}});
    Apply(config);

    parts_.clock.Advance(one.not_yet);
    const Action before = core_.Plan(config).action;
    parts_.clock.Advance(one.due - one.not_yet);
    const Action after = core_.Plan(config).action;

    EXPECT_EQ(before, Action::kNone);
    EXPECT_EQ(after, Action::kUpdate);
    SetWindow(59 * 24h, 61 * 24h);
    Apply(config);
  }
}

TEST_F(CertificateLifeTest, AnotherRenewBeforeKeepsTheCasWindow) {
  Apply(Config({{"renew_before", Value::String("40d")}}));

  Apply(Config());

  EXPECT_EQ(server_->count(Kind::kRenewalInfo), 1);
  EXPECT_EQ(Renewal("window_start"), Value::String(server_->behaviour.renewal_start));
  EXPECT_GE(Renewal("due_at").AsString(), server_->behaviour.renewal_start);
  EXPECT_EQ(server_->orders(), 1);
}

TEST_F(CertificateLifeTest, ACertificateThatIsDueOnItsLastDayIsAWarning) {
  server_->behaviour.renewal_start.clear();
  StartRun();

  const tests::Outcome late = core_.Apply(Config({{"renew_before", Value::String("12h")}}));
  const tests::Outcome soon_enough = core_.Apply(Config({{"renew_before", Value::String("25h")}}));
  const tests::Outcome late_again = core_.Apply(Config({{"renew_before", Value::String("12h")}}));

  EXPECT_NE(late.ToText().find("A daily run comes too late"), std::string::npos) << late.ToText();
  EXPECT_EQ(soon_enough.ToText().find("A daily run comes too late"), std::string::npos) << soon_enough.ToText();
  EXPECT_NE(late_again.ToText().find("A daily run comes too late"), std::string::npos) << late_again.ToText();
  EXPECT_EQ(server_->orders(), 1);
}

TEST_F(CertificateLifeTest, ARenewBeforeAsLongAsTheLifeIsAWarning) {
  const Value config = Config({{"renew_before", Value::String("365d")}});

  const tests::Outcome outcome = core_.Apply(config);

  EXPECT_FALSE(outcome.has_failed());
  // The refresh that follows warns as well: the certificate exists by then.
  ASSERT_EQ(outcome.diagnostics.items().size(), 2U);
  EXPECT_EQ(outcome.diagnostics.items().front().path, schema::cty::Path::Of("renew_before"));
  EXPECT_EQ(outcome.diagnostics.items().back().summary, outcome.diagnostics.items().front().summary);
  EXPECT_EQ(core_.Plan(config).action, Action::kNone);
}

TEST_F(CertificateLifeTest, KeepsTheKeyWhereWanted) {
  const Value config = Config({{"rotate_private_key", Value::Bool(false)}});
  Apply(config);
  const std::string key = PublicKey();
  const std::string serial = Serial();
  parts_.clock.Advance(62 * 24h);
  SetWindow(59 * 24h, 61 * 24h);

  Apply(config);

  EXPECT_NE(Serial(), serial);
  EXPECT_EQ(PublicKey(), key);
}

TEST_F(CertificateLifeTest, AnotherKeyAlgorithmIsAnotherKeyAllTheSame) {
  Apply(Config({{"rotate_private_key", Value::Bool(false)}}));
  const std::string key = PublicKey();

  Apply(Config({{"rotate_private_key", Value::Bool(false)}, {"key_algorithm", Value::String("EC_P384")}}));

  EXPECT_NE(PublicKey(), key);
}

TEST_F(CertificateLifeTest, AnotherAccountIsNotToldWhatIsReplaced) {
  Apply(Config());
  account_ = Register();

  Apply(Config());

  EXPECT_EQ(server_->orders(), 2);
  EXPECT_FALSE(LastOrderReplaces());
}

TEST_F(CertificateLifeTest, AProfileThatIsNotOfferedIsToldAtItsAttribute) {
  server_->behaviour.profiles = {"classic", "shortlived"};
  StartRun();

  const tests::Outcome outcome = core_.Apply(Config({{"profile", Value::String("tlsserver")}}));

  ASSERT_TRUE(outcome.has_failed());
  const auto& error = outcome.diagnostics.items().front();
  EXPECT_EQ(error.path, schema::cty::Path::Of("profile"));
  EXPECT_NE(error.detail.find("classic, shortlived"), std::string::npos) << error.detail;
}

TEST_F(CertificateLifeTest, ACaThatRefusesNotAfterIsToldAtValidity) {
  server_->behaviour.refuses_not_after = true;

  const tests::Outcome outcome = core_.Apply(Config({{"validity", Value::String("30d")}}));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_EQ(outcome.diagnostics.items().front().path, schema::cty::Path::Of("validity"));
}

// DigiCert and Sectigo do so at their own site.
TEST_F(CertificateLifeTest, NamesThatTheCaHasValidatedInAdvanceNeedNoDns) {
  const auto config = [&](const char* name) {
    return Config({{"external_ca", Value::String(CaHandle(*account_, {}))},
                   {"dns_names", Value::Set(Type::String(), {Value::String(name)})}});
  };
  server_->behaviour.authorization_status = {{"a.test", "valid"}};

  Apply(config("a.test"));
  const tests::Outcome refused = core_.Apply(config("b.test"));

  ASSERT_TRUE(refused.has_failed());
  EXPECT_EQ(refused.diagnostics.items().front().path, schema::cty::Path::Of("external_ca"));
  EXPECT_NE(refused.ToText().find("control of b.test proved by DNS-01, and its dns has no connection"), std::string::npos)
      << refused.ToText();
  EXPECT_TRUE(server_->pending_authorizations().empty());
}

// SSL.com has a directory for RSA keys and one for EC keys.
TEST_F(CertificateLifeTest, AKeyThatTheCaDoesNotTakeIsToldAtItsAlgorithm) {
  for (const char* type : {"badCSR", "badPublicKey"}) {
    const auto refused = tests::ProblemReply(400, type, "the key must be RSA");
    server_->Inject({.at = Kind::kFinalize, .what = tests::AcmeFault::What::kReply, .reply = refused});

    const tests::Outcome outcome = core_.Apply(Config());

    ASSERT_TRUE(outcome.has_failed()) << type;
    EXPECT_EQ(outcome.diagnostics.items().front().path, schema::cty::Path::Of("key_algorithm")) << outcome.ToText();
  }
}

TEST_F(CertificateLifeTest, ARateLimitEndsWithTheTimeAfterWhichToTryAgain) {
  auto limited = tests::ProblemReply(429, "rateLimited", "too many certificates (5) already issued for this exact set");
  limited.headers.push_back({"Retry-After", "86400"});
  server_->Inject({.at = Kind::kNewOrder, .what = tests::AcmeFault::What::kReply, .reply = limited});

  const tests::Outcome outcome = core_.Apply(Config());

  ASSERT_TRUE(outcome.has_failed());
  const std::string when = base::FormatRfc3339(parts_.clock.Now() + 24h);
  EXPECT_NE(outcome.diagnostics.items().front().detail.find("Try again after " + when), std::string::npos)
      << outcome.diagnostics.items().front().detail;
}

TEST_F(CertificateLifeTest, DestroyRevokesOnlyWhereWanted) {
  Apply(Config());
  EXPECT_FALSE(core_.Destroy().has_failed());
  EXPECT_EQ(server_->count(Kind::kRevoke), 0);

  Apply(Config({{"revoke_on_destroy", Value::Bool(true)}, {"revocation_reason", Value::String("cessationOfOperation")}}));
  StartRun();
  EXPECT_FALSE(core_.Destroy().has_failed());
  EXPECT_EQ(server_->revoked().size(), 1U);
  EXPECT_EQ(server_->last_payload(Kind::kRevoke)["reason"], 5);
}

// Whoever can write the state can write private data. Before, the account's signature went where that said.
TEST_F(CertificateLifeTest, AlteredPrivateDataDoesNotSayWhereToRevoke) {
  Apply(Config({{"revoke_on_destroy", Value::Bool(true)}}));
  StartRun();

  const auto deleted = resource_->Delete(parts_.clock.Call(), parts_.context,
                                         {.prior = core_.state(),
                                          .config = Value::Null(core_.state().type()),
                                          .planned = Value::Null(core_.state().type()),
                                          .planned_private = R"({"directory_url":"https://evil.test/dir","account_url":"x"})"});

  EXPECT_TRUE(deleted.stored.state.is_null());
  EXPECT_EQ(server_->revoked().size(), 1U);
}

TEST_F(CertificateLifeTest, AnExpiredCertificateIsNotRevoked) {
  Apply(Config({{"revoke_on_destroy", Value::Bool(true)}}));
  parts_.clock.Advance(91 * 24h);

  EXPECT_FALSE(core_.Destroy().has_failed());

  EXPECT_EQ(server_->count(Kind::kRevoke), 0);
}

TEST_F(CertificateLifeTest, ACaThatIsGoneKeepsTheCertificateAndSaysHowToGetPastIt) {
  Apply(Config({{"revoke_on_destroy", Value::Bool(true)}}));
  StartRun();
  server_->Inject({.at = Kind::kDirectory, .what = tests::AcmeFault::What::kReset, .times = 1000});

  const tests::Outcome outcome = core_.Destroy();

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_FALSE(core_.state().is_null());
  EXPECT_NE(outcome.diagnostics.items().front().detail.find("revoke_on_destroy = false"), std::string::npos);
}

// Terraform drops it if the provider dies in an apply.
TEST_F(CertificateLifeTest, LostPrivateDataChangesNothing) {
  Apply(Config({{"revoke_on_destroy", Value::Bool(true)}}));
  const std::string serial = Serial();
  core_.LosePrivateData();
  StartRun();

  // Another DNS connection: another handle of the same CA.
  const Value rotated = core_.Config({{"external_ca", Value::String(CaHandle(*account_, {}))},
                                      {"dns_names", Value::Set(Type::String(), {Value::String("a.test")})},
                                      {"revoke_on_destroy", Value::Bool(true)}});
  Apply(rotated);
  EXPECT_EQ(Serial(), serial);
  EXPECT_EQ(server_->count(Kind::kRenewalInfo), 2) << "the CA is asked again";

  core_.LosePrivateData();
  EXPECT_FALSE(core_.Destroy().has_failed());
  EXPECT_EQ(server_->revoked().size(), 1U);
}

TEST_F(CertificateLifeTest, DeleteOfAReplacedCertificateHasThePrivateDataOfTheNewOneAndRevokesNothing) {
  const Value config = Config({{"revoke_on_destroy", Value::Bool(true)}});
  Apply(config);
  StartRun();
  schema::PlanResult planned{.planned = schema::Merge(resource_->schema().attributes, config, Value::Null(config.type()))};
  resource_->Plan(parts_.context, {.schema = resource_->schema(), .prior = Value::Null(config.type()), .config = config},
                  planned);

  const auto deleted = resource_->Delete(parts_.clock.Call(), parts_.context,
                                         {.prior = core_.state(),
                                          .config = Value::Null(core_.state().type()),
                                          .planned = Value::Null(core_.state().type()),
                                          .planned_private = planned.planned_private});

  EXPECT_TRUE(deleted.stored.state.is_null());
  EXPECT_EQ(server_->count(Kind::kRevoke), 0);
}

// With create_before_destroy the new certificate is there when the old one is deleted.
TEST_F(CertificateLifeTest, AReplacementIsNotRevokedByTheRunThatMadeTheNewOne) {
  Apply(Config({{"revoke_on_destroy", Value::Bool(true)}}));

  const auto deleted = resource_->Delete(parts_.clock.Call(), parts_.context,
                                         {.prior = core_.state(),
                                          .config = Value::Null(core_.state().type()),
                                          .planned = Value::Null(core_.state().type()),
                                          .planned_private = core_.private_data()});

  EXPECT_TRUE(deleted.stored.state.is_null());
  EXPECT_EQ(server_->count(Kind::kRevoke), 0);
}

TEST_F(CertificateLifeTest, TheReasonOfARenewalIsKnownInThePlanAndLogged) {
  Apply(Config());
  parts_.clock.Advance(61 * 24h);
  SetWindow(-2h, -1h);

  const tests::Outcome outcome = core_.Plan(Config());

  EXPECT_EQ(outcome.planned.Get("issued_because"), Value::String("renewal"));
  EXPECT_EQ(outcome.planned.Get("issued_because_detail").AsString().find("due by the CA's renewal window since "), 0U);
  EXPECT_EQ(outcome.planned.Get("handle").refinement().string_prefix,
            base::Cat("cw2:certificate:", core_.state().Get("certificate_id").AsString(), ".EC_P256:"));
}

// -refresh=false with a client that keeps nothing between the two plans.
TEST_F(CertificateLifeTest, APlanThatMayNotDecideSaysThatARenewalIsDue) {
  Apply(Config());
  parts_.clock.Advance(61 * 24h);
  core_.Refresh(tests::FakeCore::Refreshes::kNever);

  const tests::Outcome outcome = core_.Plan(Config());

  EXPECT_EQ(outcome.action, Action::kNone);
  ASSERT_EQ(outcome.diagnostics.items().size(), 1U) << outcome.ToText();
  EXPECT_EQ(outcome.diagnostics.items().front().severity, schema::Severity::kWarning);
  EXPECT_EQ(outcome.diagnostics.items().front().path, schema::cty::Path::Of("renewal"));
}

// Protocol 6.11.
TEST_F(CertificateLifeTest, WithoutARefreshTheFirstPlanDecides) {
  core_.KeepPlannedPrivate();
  Apply(Config());
  const std::string serial = Serial();
  parts_.clock.Advance(61 * 24h);
  core_.Refresh(tests::FakeCore::Refreshes::kNever);
  SetWindow(59 * 24h, 61 * 24h);

  EXPECT_EQ(core_.Plan(Config()).planned.Get("issued_because"), Value::String("renewal"));
  Apply(Config());

  EXPECT_NE(Serial(), serial);
  EXPECT_EQ(core_.Plan(Config()).action, Action::kNone);
}

TEST_F(CertificateLifeTest, MinimalRefreshAsksTheCaOnlyIfNothingIsDue) {
  core_.KeepPlannedPrivate();
  Apply(Config());
  core_.Refresh(tests::FakeCore::Refreshes::kIfNothingChanges);
  parts_.clock.Advance(7h);
  SetWindow(-2h, -1h);
  const int before = server_->count(Kind::kRenewalInfo);

  EXPECT_EQ(core_.Plan(Config()).action, Action::kUpdate) << "the CA has moved the window";
  EXPECT_EQ(server_->count(Kind::kRenewalInfo), before + 1);
  parts_.clock.Advance(61 * 24h);
  EXPECT_EQ(core_.Plan(Config()).action, Action::kUpdate);

  EXPECT_EQ(server_->count(Kind::kRenewalInfo), before + 1);
}

TEST_F(CertificateLifeTest, ATimeThatComesBetweenPlanAndApplyIsLeftToTheNextPlan) {
  core_.KeepPlannedPrivate();
  Apply(Config());
  const std::string serial = Serial();
  core_.BeforeChange([&] { parts_.clock.Advance(61 * 24h); });

  const tests::Outcome outcome = core_.Apply(Config({{"revoke_on_destroy", Value::Bool(true)}}));
  core_.BeforeChange({});

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_EQ(Serial(), serial);
  EXPECT_EQ(core_.Plan(Config({{"revoke_on_destroy", Value::Bool(true)}})).action, Action::kUpdate);
}

}  // namespace
}  // namespace resources::certificate
