// SPDX-License-Identifier: MPL-2.0
#include "resources/app_connection/app_connection.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/text.h"
#include "engine/vendors/catalog.h"
#include "resources/sealed/payload.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_core.h"

namespace resources::app_connection {
namespace {

using engine::connections::Connection;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::OpenConnection;
using sealed::Opened;
using sealed::Sealer;
using tests::Action;

constexpr base::ConfigField kFields[] = {
    {.name = "server", .required = true, .doc = "Where.", .identity = true},
    {.name = "user", .doc = "Who."},
    {.name = "password", .secret = true, .doc = "Secret."},
};

std::atomic<int> checks = 0;

base::Result<void> Check(const base::Call&, const Connection& connection, const engine::connections::Deps&) {
  ++checks;
  if (connection.settings.FindSecret("password")->Reveal() != "wrong") return {};
  return base::Error{.kind = base::ErrorKind::kDenied,
                     .message = "the server refuses the password",
                     .blame = engine::connections::ConnectionField("password")};
}

std::vector<engine::connections::FieldProblem> Validate(const Connection& connection) {
  if (!connection.settings.Text("user").empty() && connection.settings.FindSecret("password") == nullptr) {
    return {{.field = "password", .message = "A user needs a password."}};
  }
  return {};
}

const engine::connections::ConnectionSpec kSpec{
    .kind = "trial", .title = "Trial", .doc = "A trial.", .fields = kFields, .validate = Validate, .check = Check};

class AppConnectionTest : public testing::Test {
 protected:
  Value Config(const char* server, const char* password, Value::Members more = {}) const {
    more.insert_or_assign("server", Value::String(server));
    more.insert_or_assign("user", Value::String("me"));
    more.insert_or_assign("password", password != nullptr ? Value::String(password) : Value::Null(Type::String()));
    return core_.Config(std::move(more));
  }
  Connection Opened() const { return *OpenConnection(parts_.context.sealer, core_.state().Get("handle").AsString(), kFields); }
  std::string Handle() const { return core_.state().Get("handle").AsString(); }

  tests::TestContext parts_;
  std::unique_ptr<Resource> resource_ = MakeAppConnection(kSpec);
  tests::FakeCore core_{*resource_, parts_.context, parts_.clock};
};

TEST_F(AppConnectionTest, HandleIsKnownAtPlanAndHoldsWhatWasConfigured) {
  const auto planned = core_.Plan(Config("a.test", "first"));
  const auto applied = core_.Apply(Config("a.test", "first"));

  EXPECT_TRUE(planned.planned.Get("handle").is_known()) << planned.ToText();
  EXPECT_TRUE(applied.violations.empty() && !applied.has_failed()) << applied.ToText();
  EXPECT_EQ(Opened().settings.Text("server"), "a.test");
  EXPECT_EQ(Opened().settings.FindSecret("password")->Reveal(), "first");
  EXPECT_EQ(Opened().id, core_.state().Get("id").AsString());
  EXPECT_TRUE(core_.state().Get("password").is_null());
}

TEST_F(AppConnectionTest, AnotherSecretIsAnUpdateThatKeepsTheId) {
  (void)core_.Apply(Config("a.test", "first"));
  const Value id = core_.state().Get("id");

  const auto outcome = core_.Apply(Config("a.test", "second"));

  EXPECT_EQ(outcome.action, Action::kUpdate) << outcome.ToText();
  EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  EXPECT_EQ(core_.state().Get("id"), id);
  EXPECT_EQ(Opened().settings.FindSecret("password")->Reveal(), "second");
}

TEST_F(AppConnectionTest, AnotherServerIsAnotherIdentity) {
  (void)core_.Apply(Config("a.test", "first"));
  const Value id = core_.state().Get("id");

  (void)core_.Apply(Config("b.test", "first"));

  EXPECT_NE(core_.state().Get("id"), id);
}

TEST_F(AppConnectionTest, IgnoredSecretIsKept) {
  (void)core_.Apply(Config("a.test", "first"));
  const std::string before = Handle();
  core_.IgnoreChanges({"password"});

  const auto outcome = core_.Apply(Config("a.test", "second"));

  EXPECT_EQ(outcome.action, Action::kNone) << outcome.ToText();
  EXPECT_EQ(Handle(), before);
}

TEST_F(AppConnectionTest, SecretThatIsLeftOutLaterIsKept) {
  (void)core_.Apply(Config("a.test", "first"));

  const auto outcome = core_.Apply(Config("a.test", nullptr));

  EXPECT_EQ(outcome.action, Action::kNone) << outcome.ToText();
  EXPECT_EQ(Opened().settings.FindSecret("password")->Reveal(), "first");
}

TEST_F(AppConnectionTest, SecretThatNeverWasIsMissedAtPlan) {
  const auto outcome = core_.Plan(Config("a.test", nullptr));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_EQ(outcome.diagnostics.items().front().path, Path::Of("password"));
}

TEST_F(AppConnectionTest, UnknownSecretPlansAnUnknownHandle) {
  const Value unknown = Config("a.test", "first").With("password", Value::Unknown(Type::String()));

  const auto outcome = core_.Apply(unknown, Config("a.test", "first"));

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  EXPECT_EQ(Opened().settings.FindSecret("password")->Reveal(), "first");
}

TEST_F(AppConnectionTest, UnchangedVersionKeepsTheSealedSecret) {
  const auto versioned = [&](const char* password, const char* version) {
    return Config("a.test", password, {{"credentials_version", Value::String(version)}});
  };
  (void)core_.Apply(versioned("first", "1"));

  const auto same = core_.Apply(versioned("second", "1"));
  EXPECT_EQ(same.action, Action::kNone) << same.ToText();
  EXPECT_EQ(Opened().settings.FindSecret("password")->Reveal(), "first");

  const auto next = core_.Apply(versioned("third", "2"));
  EXPECT_EQ(next.action, Action::kUpdate) << next.ToText();
  EXPECT_TRUE(next.violations.empty()) << next.ToText();
  EXPECT_EQ(Opened().settings.FindSecret("password")->Reveal(), "third");
}

TEST_F(AppConnectionTest, RefusedCredentialsSaveNothingAndBlameTheField) {
  const auto outcome = core_.Apply(Config("a.test", "wrong"));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_EQ(outcome.diagnostics.items().front().path, Path::Of("password")) << outcome.ToText();
  EXPECT_TRUE(core_.state().is_null());
}

TEST_F(AppConnectionTest, RefusedCredentialsOfAnUpdateKeepTheFormerOnes) {
  (void)core_.Apply(Config("a.test", "first"));
  const std::string before = Handle();

  EXPECT_TRUE(core_.Apply(Config("a.test", "wrong")).has_failed());

  EXPECT_EQ(Handle(), before);
}

TEST_F(AppConnectionTest, CheckCanBeSwitchedOff) {
  const auto outcome = core_.Apply(Config("a.test", "wrong", {{"validate", Value::Bool(false)}}));

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
}

TEST_F(AppConnectionTest, UnchangedConnectionIsNotCheckedAgain) {
  (void)core_.Apply(Config("a.test", "first"));
  const int before = checks;

  (void)core_.Apply(Config("a.test", "first"));

  EXPECT_EQ(checks, before);
}

TEST_F(AppConnectionTest, RotatedSealingKeySealsAnew) {
  (void)core_.Apply(Config("a.test", "first"));
  parts_.context.sealer = Sealer::Ready(tests::TestKey('b'), {tests::TestKey('a')});

  const auto outcome = core_.Apply(Config("a.test", "first"));

  EXPECT_EQ(outcome.action, Action::kUpdate) << outcome.ToText();
  EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  EXPECT_FALSE(parts_.context.sealer.IsStale(Handle()));
}

TEST_F(AppConnectionTest, LostSealingKeyIsNoDeadEndWhenAllSecretsAreConfigured) {
  (void)core_.Apply(Config("a.test", "first"));
  parts_.context.sealer = Sealer::Ready(tests::TestKey('z'), {});

  const auto outcome = core_.Apply(Config("a.test", "first"));

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_EQ(Opened().settings.FindSecret("password")->Reveal(), "first");
}

TEST_F(AppConnectionTest, UnknownSealingKeyPlansAnUnknownHandle) {
  parts_.context.sealer = Sealer::Unknown();

  const auto outcome = core_.Plan(Config("a.test", "first"));

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_TRUE(outcome.planned.Get("handle").is_unknown());
}

TEST_F(AppConnectionTest, ImportedConnectionIsSealedByTheNextApply) {
  (void)core_.Import("trial-0123456789abcdef");

  const auto outcome = core_.Apply(Config("a.test", "first"));

  EXPECT_EQ(outcome.action, Action::kUpdate) << outcome.ToText();
  EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  EXPECT_EQ(Opened().settings.FindSecret("password")->Reveal(), "first");
}

TEST_F(AppConnectionTest, DestroyForgets) {
  (void)core_.Apply(Config("a.test", "first"));

  const auto outcome = core_.Destroy();

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_TRUE(core_.state().is_null());
}

// "account:password" is a secret that tells its account.
std::string Account(const Connection& connection) {
  const base::Secret* secret = connection.settings.FindSecret("password");
  return secret == nullptr ? "" : base::Split(secret->Reveal(), ':').front();
}

const engine::connections::ConnectionSpec kTellingSpec{.kind = "telling",
                                                       .title = "Telling",
                                                       .doc = "A trial.",
                                                       .fields = kFields,
                                                       .account = Account,
                                                       .validate = Validate,
                                                       .check = Check};

class AppConnectionOfAnAccount : public AppConnectionTest {
 protected:
  AppConnectionOfAnAccount() : telling_(MakeAppConnection(kTellingSpec)), account_(*telling_, parts_.context, parts_.clock) {}
  std::string Id() const { return account_.state().Get("id").AsString(); }
  std::string IdAfter(const Value& config) {
    const auto outcome = account_.Apply(config);
    EXPECT_TRUE(outcome.violations.empty() && !outcome.has_failed()) << outcome.ToText();
    EXPECT_EQ(OpenConnection(parts_.context.sealer, account_.state().Get("handle").AsString())->id, Id());
    return Id();
  }

  std::unique_ptr<Resource> telling_;
  tests::FakeCore account_;
};

TEST_F(AppConnectionOfAnAccount, IdTellsAccountsApartAndSurvivesRotation) {
  const std::string first = IdAfter(Config("a.test", "one:old"));

  EXPECT_EQ(IdAfter(Config("a.test", "one:new")), first);
  EXPECT_NE(IdAfter(Config("a.test", "two:new")), first);
}

TEST_F(AppConnectionOfAnAccount, IdStaysWhenTheSecretIsKeptFromTheState) {
  const std::string first = IdAfter(Config("a.test", "one:old"));

  EXPECT_EQ(account_.Plan(Config("a.test", nullptr)).action, Action::kNone);
  EXPECT_EQ(IdAfter(Config("a.test", nullptr)), first);
}

TEST_F(AppConnectionOfAnAccount, IdOfASecretThatIsNotKnownYetIsPlannedUnknown) {
  const Value unknown = Config("a.test", "one:old").With("password", Value::Unknown(Type::String()));

  const auto outcome = account_.Apply(unknown, Config("a.test", "one:old"));

  EXPECT_TRUE(outcome.violations.empty() && !outcome.has_failed()) << outcome.ToText();
  EXPECT_EQ(OpenConnection(parts_.context.sealer, account_.state().Get("handle").AsString())->id, Id());
}

const engine::connections::ConnectionSpec kRunningSpec{.kind = "running",
                                                       .title = "Running",
                                                       .doc = "A trial.",
                                                       .fields = kFields,
                                                       .validate = Validate,
                                                       .check = Check,
                                                       .program_field = "server"};

TEST_F(AppConnectionTest, AProgramNeedsAllowExecAtPlan) {
  const auto resource = MakeAppConnection(kRunningSpec);
  tests::FakeCore core(*resource, parts_.context, parts_.clock);

  const auto refused = core.Plan(Config("/bin/hook", "first"));
  parts_.context.allow_exec = true;
  const auto allowed = core.Apply(Config("/bin/hook", "first"));

  ASSERT_TRUE(refused.has_failed());
  EXPECT_EQ(refused.diagnostics.items().front().path, Path::Of("server")) << refused.ToText();
  EXPECT_FALSE(allowed.has_failed()) << allowed.ToText();
}

// Keys of two accounts, and a second one of the first.
TEST_F(AppConnectionTest, AwsKeysOfAnotherAccountAreAnotherConnection) {
  const auto resource = MakeAppConnection(*engine::vendors::FindConnection("aws"));
  const auto id_of = [&](const char* key_id) {
    tests::FakeCore core(*resource, parts_.context, parts_.clock);
    const auto planned = core.Plan(core.Config(
        {{"access_key_id", Value::String(key_id)}, {"secret_access_key", Value::String(base::Cat("secret-of-", key_id))}}));
    EXPECT_FALSE(planned.has_failed()) << planned.ToText();
    return planned.planned.Get("id").AsString();
  };

  EXPECT_EQ(id_of("AKIAY34FZKBOAAAAAAAA"), id_of("AKIAY34FZKBOBBBBBBBB"));
  EXPECT_NE(id_of("AKIAY34FZKBOAAAAAAAA"), id_of("AKIAQNZGKIQYAAAAAAAA"));
}

// A kind with a URL, which the core drives as any other.
class AllowHttpTest : public testing::Test {
 protected:
  static constexpr const char* kSummary = "Credentials may be sent without TLS";

  Value Config(const char* url, const Value& allow_http) const {
    return core_.Config({{"endpoint_url", Value::String(url)},
                         {"api_key", Value::String("canary")},
                         {"validate", Value::Bool(false)},
                         {"allow_http", allow_http}});
  }
  static int Warnings(const tests::Outcome& outcome) {
    int count = 0;
    for (const auto& one : outcome.diagnostics.items()) count += one.summary == kSummary ? 1 : 0;
    return count;
  }

  tests::TestContext parts_;
  std::unique_ptr<Resource> resource_ = MakeAppConnection(*engine::vendors::FindConnection("powerdns"));
  tests::FakeCore core_{*resource_, parts_.context, parts_.clock};
};

TEST_F(AllowHttpTest, IsRefusedAtTheAttributeWithoutIt) {
  const auto outcome = core_.Plan(Config("http://pdns.example.com:8081", Value::Null(Type::Bool())));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_EQ(outcome.diagnostics.items().front().path, Path::Of("endpoint_url")) << outcome.ToText();
}

// Only the apply that knows it can tell.
TEST_F(AllowHttpTest, MayBecomeKnownLater) {
  const auto outcome = core_.Plan(Config("http://pdns.example.com:8081", Value::Unknown(Type::Bool())));

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
}

TEST_F(AllowHttpTest, WarnsOnceInEachApply) {
  const Value config = Config("http://pdns.example.com:8081", Value::Bool(true));
  const auto created = core_.Apply(config);
  const auto unchanged = core_.Apply(config);
  const auto secure = core_.Apply(Config("https://pdns.example.com:8081", Value::Null(Type::Bool())));

  EXPECT_EQ(Warnings(created), 2) << "one is of the refresh that ends FakeCore's apply" << created.ToText();
  EXPECT_EQ(Warnings(unchanged), 1) << unchanged.ToText();
  EXPECT_FALSE(secure.has_failed()) << secure.ToText();
  EXPECT_EQ(Warnings(core_.Apply(Config("https://pdns.example.com:8081", Value::Null(Type::Bool())))), 0);
}

}  // namespace
}  // namespace resources::app_connection
