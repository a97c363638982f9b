// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/certificate_sync.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "resources/sealed/payload.h"
#include "tests/resources/certificate_sync/ids.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_core.h"
#include "tests/support/handler_transport.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_bundle.h"

namespace resources::certificate_sync {
namespace {

using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::CertificatePayload;
using sealed::ResealCertificate;
using sealed::SealCertificate;
using sealed::Sealer;
using tests::Action;

const base::TimePoint kExpiry = tests::TestCertificateSpec{}.not_after;

class CertificateSyncTest : public testing::Test {
 protected:
  // A new certificate at each call, as a renewal has.
  std::string NewHandle(const std::string& certificate_id, base::TimePoint not_after = kExpiry) const {
    const engine::sync::Bundle bundle = tests::MakeTestBundle(certificate_id, not_after);
    CertificatePayload payload{.certificate_id = certificate_id, .full_chain_pem = {}, .private_key_pem = bundle.private_key_pem};
    for (const auto& one : bundle.chain) payload.full_chain_pem += one.pem;
    return *SealCertificate(parts_.context.sealer, payload);
  }

  Value Config(const std::map<std::string, std::string>& handles, const std::string& folder = "out",
               bool remove_left = true) const {
    const Type type = resource_->schema().ImpliedType();
    Value::Members certificates;
    for (const auto& [key, handle] : handles) certificates.emplace(key, Value::String(handle));
    const Type destination = *type.Find("destination");
    const Type local_files = *destination.Find("local_files");
    return core_.Config(
        {{"name", Value::String("files")},
         {"destination",
          Value::ObjectOf(destination,
                          {{"local_files", Value::ObjectOf(local_files, {{"directory", Value::String(dir_ / folder)}})}})},
         {"certificates", Value::Map(Type::String(), std::move(certificates))},
         {"name_schema", Value::String("{{certificateId}}")},
         {"remove_expired", Value::Bool(remove_left)}});
  }

  // The same with a shell line to run after changes.
  Value ConfigThatRuns(const std::string& line, const std::map<std::string, std::string>& handles) const {
    const Value config = Config(handles);
    const Value block = config.Get("destination").Get("local_files");
    const Value program = Value::List(Type::String(), {Value::String("/bin/sh"), Value::String("-c"), Value::String(line)});
    return config.With("destination", config.Get("destination").With("local_files", block.With("after_change", program)));
  }
  void LetExpire() { parts_.clock.Advance(std::chrono::duration_cast<std::chrono::milliseconds>(kExpiry - parts_.clock.Now())); }

  Value Synced(const std::string& key) const { return core_.state().Get("synced").AsMembers().at(key); }

  void ExpectGood(const tests::Outcome& outcome) {
    EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
    EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  }

  tests::TestContext parts_;
  tests::TempDir dir_;
  std::unique_ptr<Resource> resource_ = MakeCertificateSync();
  tests::FakeCore core_{*resource_, parts_.context, parts_.clock};
};

TEST_F(CertificateSyncTest, PushesEachCertificateUnderItsName) {
  const auto outcome = core_.Apply(Config({{"web", NewHandle(kId)}, {"mail", NewHandle(kOtherId)}}));

  ExpectGood(outcome);
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out", "out/." + kId + ".certwright", "out/." + kOtherId + ".certwright",
                                                   "out/" + kId + ".crt", "out/" + kId + ".key", "out/" + kOtherId + ".crt",
                                                   "out/" + kOtherId + ".key"}));
  EXPECT_EQ(Synced("web").Get("external_id").AsString(), dir_ / "out/" + kId + ".crt");
  EXPECT_EQ(Synced("web").Get("status").AsString(), "synced");
}

TEST_F(CertificateSyncTest, PlanKnowsTheKeysBeforeApply) {
  const auto outcome = core_.Plan(Config({{"web", NewHandle(kId)}}));

  const Value synced = outcome.planned.Get("synced");
  ASSERT_TRUE(synced.is_known());
  EXPECT_TRUE(synced.AsMembers().at("web").Get("external_id").is_unknown());
}

TEST_F(CertificateSyncTest, RenewedCertificateGoesOverTheOldOne) {
  (void)core_.Apply(Config({{"web", NewHandle(kId)}}));
  const std::string before = dir_.Read("out/" + kId + ".crt");
  const Value external_id = Synced("web").Get("external_id");

  const auto outcome = core_.Apply(Config({{"web", NewHandle(kId)}}));

  ExpectGood(outcome);
  EXPECT_EQ(outcome.action, Action::kUpdate);
  EXPECT_NE(dir_.Read("out/" + kId + ".crt"), before);
  EXPECT_EQ(Synced("web").Get("external_id"), external_id);
}

TEST_F(CertificateSyncTest, AProgramNeedsTheProvidersLeave) {
  const auto outcome = core_.Plan(ConfigThatRuns("true", {{"web", NewHandle(kId)}}));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_NE(outcome.ToText().find("allow_exec = true"), std::string::npos) << outcome.ToText();
  EXPECT_NE(outcome.ToText().find("destination.local_files.after_change"), std::string::npos) << outcome.ToText();
}

TEST_F(CertificateSyncTest, AProgramThatFailsIsRunAgainByTheNextApply) {
  parts_.context.allow_exec = true;
  const std::string line = "echo run >>'" + dir_ / "log" + "'; test ! -e '" + dir_ / "broken" + "'";
  ExpectGood(core_.Apply(ConfigThatRuns(line, {{"web", NewHandle(kId)}, {"mail", NewHandle(kOtherId)}})));
  EXPECT_EQ(dir_.Read("log"), "run\n");
  const Value renewed = ConfigThatRuns(line, {{"web", NewHandle(kId)}, {"mail", NewHandle(kOtherId)}});

  dir_.Write("broken", "");
  const auto failed = core_.Apply(renewed);
  EXPECT_TRUE(failed.has_failed());
  EXPECT_TRUE(failed.violations.empty()) << failed.ToText();
  EXPECT_EQ(Synced("web").Get("status").AsString(), "failed");
  const std::string certificate = dir_.Read("out/" + kId + ".crt");
  std::filesystem::remove(dir_ / "broken");
  const auto again = core_.Apply(renewed);

  ExpectGood(again);
  EXPECT_EQ(again.action, Action::kUpdate);
  EXPECT_EQ(dir_.Read("log"), "run\nrun\nrun\n");
  EXPECT_EQ(dir_.Read("out/" + kId + ".crt"), certificate);
  EXPECT_EQ(Synced("web").Get("status").AsString(), "synced");
}

TEST_F(CertificateSyncTest, ANewSyncWhoseProgramFailsLeavesNothingBehind) {
  parts_.context.allow_exec = true;

  const auto outcome = core_.Apply(ConfigThatRuns("exit 1", {{"web", NewHandle(kId)}}));

  EXPECT_TRUE(outcome.has_failed());
  EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  EXPECT_TRUE(core_.state().is_null());
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out"}));
}

TEST_F(CertificateSyncTest, AddedKeyLeavesTheOthersKnown) {
  const std::string web = NewHandle(kId);
  (void)core_.Apply(Config({{"web", web}}));

  const auto outcome = core_.Apply(Config({{"web", web}, {"mail", NewHandle(kOtherId)}}));

  ExpectGood(outcome);
  EXPECT_TRUE(outcome.planned.Get("synced").AsMembers().at("web").is_wholly_known());
}

TEST_F(CertificateSyncTest, RemovedKeyIsRemovedThere) {
  const std::string web = NewHandle(kId);
  (void)core_.Apply(Config({{"web", web}, {"mail", NewHandle(kOtherId)}}));

  ExpectGood(core_.Apply(Config({{"web", web}})));

  EXPECT_EQ(dir_.Entries(),
            (std::set<std::string>{"out", "out/." + kId + ".certwright", "out/" + kId + ".crt", "out/" + kId + ".key"}));
}

TEST_F(CertificateSyncTest, RemovedKeyCanBeLetGo) {
  const std::string web = NewHandle(kId);
  (void)core_.Apply(Config({{"web", web}, {"mail", NewHandle(kOtherId)}}, "out", false));

  const auto outcome = core_.Apply(Config({{"web", web}}, "out", false));

  ExpectGood(outcome);
  EXPECT_TRUE(dir_.Entries().contains("out/" + kOtherId + ".crt"));
  ASSERT_FALSE(outcome.diagnostics.empty());
  EXPECT_NE(outcome.diagnostics.items().front().summary.find(kOtherId), std::string::npos);
}

TEST_F(CertificateSyncTest, ExpiredCertificateIsRemovedThere) {
  const Value config = Config({{"web", NewHandle(kId)}});
  (void)core_.Apply(config);
  LetExpire();

  EXPECT_EQ(core_.Plan(config).action, Action::kUpdate);
  ExpectGood(core_.Apply(config));

  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out"}));
  EXPECT_EQ(Synced("web").Get("status").AsString(), "expired");
  EXPECT_EQ(core_.Plan(config).action, Action::kNone);
}

TEST_F(CertificateSyncTest, ExpiredCertificateCanBeLetGo) {
  const Value config = Config({{"web", NewHandle(kId)}}, "out", false);
  (void)core_.Apply(config);
  LetExpire();

  ExpectGood(core_.Apply(config));

  EXPECT_TRUE(dir_.Entries().contains("out/" + kId + ".crt"));
  EXPECT_EQ(core_.Plan(config).action, Action::kNone);
}

TEST_F(CertificateSyncTest, ExpiredCertificateIsNotPushedAndItsRenewalIs) {
  LetExpire();
  const auto outcome = core_.Apply(Config({{"web", NewHandle(kId)}}));
  ExpectGood(outcome);
  ASSERT_FALSE(outcome.diagnostics.empty());
  EXPECT_EQ(outcome.diagnostics.items().front().path, Path::Of("certificates").Key("web"));
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{}));

  ExpectGood(core_.Apply(Config({{"web", NewHandle(kId, kExpiry + std::chrono::days(60))}})));
  EXPECT_TRUE(dir_.Entries().contains("out/" + kId + ".crt"));
}

TEST_F(CertificateSyncTest, RenamedKeyKeepsItsFiles) {
  const std::string web = NewHandle(kId);
  (void)core_.Apply(Config({{"web", web}}));

  ExpectGood(core_.Apply(Config({{"site", web}})));

  EXPECT_TRUE(dir_.Entries().contains("out/" + kId + ".crt"));
  EXPECT_EQ(Synced("site").Get("status").AsString(), "synced");
}

TEST_F(CertificateSyncTest, MissingFileShowsInThePlanAndIsWrittenAgain) {
  const Value config = Config({{"web", NewHandle(kId)}});
  (void)core_.Apply(config);
  std::filesystem::remove(dir_ / "out/" + kId + ".crt");

  const auto planned = core_.Plan(config);
  EXPECT_EQ(planned.action, Action::kUpdate) << planned.ToText();
  EXPECT_NE(Synced("web").Get("status").AsString(), "synced");

  ExpectGood(core_.Apply(config));
  EXPECT_TRUE(dir_.Entries().contains("out/" + kId + ".crt"));
  EXPECT_EQ(Synced("web").Get("status").AsString(), "synced");
}

TEST_F(CertificateSyncTest, OpenedUpKeyFileIsDrift) {
  const Value config = Config({{"web", NewHandle(kId)}});
  (void)core_.Apply(config);
  ASSERT_EQ(chmod((dir_ / "out/" + kId + ".key").c_str(), 0644), 0);

  ExpectGood(core_.Apply(config));

  EXPECT_EQ(dir_.Mode("out/" + kId + ".key"), 0600U);
}

TEST_F(CertificateSyncTest, AnotherDirectoryMovesTheFiles) {
  const std::string web = NewHandle(kId);
  (void)core_.Apply(Config({{"web", web}}));

  ExpectGood(core_.Apply(Config({{"web", web}}, "elsewhere")));

  EXPECT_TRUE(dir_.Entries().contains("elsewhere/" + kId + ".crt"));
  EXPECT_FALSE(dir_.Entries().contains("out/" + kId + ".crt"));
}

TEST_F(CertificateSyncTest, WhatCannotBeRemovedAtTheFormerPlaceIsNamed) {
  const std::string web = NewHandle(kId);
  ExpectGood(core_.Apply(Config({{"web", web}}, "old")));
  // More than is ever read: whose it is cannot be told.
  dir_.Write("old/" + kId + ".crt", std::string(5 << 20, 'x'));

  const auto outcome = core_.Apply(Config({{"web", web}}, "new"));

  ExpectGood(outcome);
  EXPECT_NE(outcome.ToText().find("Left at the destination: " + (dir_ / "old/" + kId + ".crt")), std::string::npos)
      << outcome.ToText();
  EXPECT_TRUE(dir_.Entries().contains("new/" + kId + ".crt"));
}

TEST_F(CertificateSyncTest, TheSameDirectorySpeltOtherwiseIsNoConflict) {
  const std::string web = NewHandle(kId);
  (void)core_.Apply(Config({{"web", web}}));

  ExpectGood(core_.Apply(Config({{"web", web}}, "./out")));

  EXPECT_TRUE(dir_.Entries().contains("out/" + kId + ".crt"));
}

TEST_F(CertificateSyncTest, FailedCreateLeavesNothing) {
  dir_.Write("out/" + kOtherId + ".crt", "somebody else's");

  const auto outcome = core_.Apply(Config({{"a", NewHandle(kId)}, {"b", NewHandle(kOtherId)}}));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_TRUE(core_.state().is_null());
  EXPECT_EQ(outcome.diagnostics.items().front().path, Path::Of("certificates").Key("b")) << outcome.ToText();
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out", "out/" + kOtherId + ".crt"}));
  EXPECT_EQ(dir_.Read("out/" + kOtherId + ".crt"), "somebody else's");
}

TEST_F(CertificateSyncTest, FailedUpdateKeepsWhatWasDoneAndIsSeenByTheNextPlan) {
  (void)core_.Apply(Config({{"web", NewHandle(kId)}}));
  dir_.Write("out/" + kOtherId + ".crt", "somebody else's");
  const std::string renewed = NewHandle(kId);
  const Value config = Config({{"web", renewed}, {"mail", NewHandle(kOtherId)}});

  const auto failed = core_.Apply(config);

  ASSERT_TRUE(failed.has_failed()) << failed.ToText();
  EXPECT_EQ(Synced("web").Get("status").AsString(), "synced");
  EXPECT_EQ(Synced("mail").Get("status").AsString(), "failed");
  EXPECT_EQ(core_.Plan(config).action, Action::kUpdate);

  std::filesystem::remove(dir_ / "out/" + kOtherId + ".crt");
  ExpectGood(core_.Apply(config));
  EXPECT_EQ(Synced("mail").Get("status").AsString(), "synced");
}

TEST_F(CertificateSyncTest, NothingIsRemovedWhileAPushFailed) {
  (void)core_.Apply(Config({{"old", NewHandle(kId)}}));
  dir_.Write("out/" + kOtherId + ".crt", "somebody else's");

  const auto failed = core_.Apply(Config({{"new", NewHandle(kOtherId)}}));

  ASSERT_TRUE(failed.has_failed()) << failed.ToText();
  EXPECT_TRUE(dir_.Entries().contains("out/" + kId + ".crt"));
  EXPECT_FALSE(core_.state().Get("certificates").AsMembers().contains("old"));
  const Value pending = core_.state().Get("pending_removals");
  ASSERT_TRUE(pending.AsMembers().contains("old"));
  EXPECT_EQ(pending.AsMembers().at("old").Get("external_id").AsString(), dir_ / "out/" + kId + ".crt");

  std::filesystem::remove(dir_ / "out/" + kOtherId + ".crt");
  ExpectGood(core_.Apply(Config({{"new", NewHandle(kOtherId)}})));
  EXPECT_FALSE(dir_.Entries().contains("out/" + kId + ".crt"));
  EXPECT_TRUE(core_.state().Get("pending_removals").AsMembers().empty());
}

TEST_F(CertificateSyncTest, DriftNamesWhatDiffers) {
  ExpectGood(core_.Apply(Config({{"web", NewHandle(kId)}})));
  std::filesystem::permissions(dir_ / "out/" + kId + ".key", std::filesystem::perms(0640));

  EXPECT_FALSE(core_.Refresh().has_failed());

  EXPECT_EQ(Synced("web").Get("status").AsString(), "drifted");
  EXPECT_EQ(Synced("web").Get("message").AsString(), "the permissions of " + kId + ".key differ");
}

// Terraform drops it if the provider dies in an apply.
TEST_F(CertificateSyncTest, ReceiptReplacesLostPrivateData) {
  const std::string handle = NewHandle(kId);
  ExpectGood(core_.Apply(Config({{"web", handle}})));
  core_.LosePrivateData();
  dir_.Write("out/" + kId + ".crt", "drifted");
  EXPECT_FALSE(core_.Refresh().has_failed());
  EXPECT_EQ(Synced("web").Get("status").AsString(), "drifted");

  core_.LosePrivateData();
  ExpectGood(core_.Apply(Config({{"web", NewHandle(kId)}})));
  EXPECT_EQ(Synced("web").Get("status").AsString(), "synced");

  core_.LosePrivateData();
  EXPECT_FALSE(core_.Destroy().has_failed());
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out"}));
}

// Outputs and remote states read what still serves.
TEST_F(CertificateSyncTest, FailedPushKeepsWhatIsKnownOfTheFormerCertificate) {
  ExpectGood(core_.Apply(Config({{"web", NewHandle(kId)}})));
  const Value before = Synced("web");
  const sealed::Sealer other = sealed::Sealer::Ready(tests::TestKey('z'), {});
  const std::string unreadable = *SealCertificate(other, {.certificate_id = kId, .full_chain_pem = {}, .private_key_pem = {}});

  const auto failed = core_.Apply(Config({{"web", unreadable}}));

  ASSERT_TRUE(failed.has_failed()) << failed.ToText();
  EXPECT_EQ(Synced("web").Get("status").AsString(), "failed");
  for (const char* name : {"external_id", "name", "not_after", "synced_at"}) {
    EXPECT_EQ(Synced("web").Get(name), before.Get(name)) << name;
  }
}

TEST_F(CertificateSyncTest, SyncedAtIsWhenItWasWritten) {
  const std::string handle = NewHandle(kId);
  ExpectGood(core_.Apply(Config({{"web", handle}})));
  const std::string written = Synced("web").Get("synced_at").AsString();
  parts_.clock.Advance(std::chrono::hours(1));

  ExpectGood(core_.Apply(Config({{"renamed", handle}})));
  EXPECT_EQ(Synced("renamed").Get("synced_at").AsString(), written);

  ExpectGood(core_.Apply(Config({{"renamed", NewHandle(kId)}})));
  EXPECT_NE(Synced("renamed").Get("synced_at").AsString(), written);
}

TEST_F(CertificateSyncTest, DestroyRemovesItsOwnFilesOnly) {
  (void)core_.Apply(Config({{"web", NewHandle(kId)}}));
  dir_.Write("out/other.crt", "somebody else's");

  const auto outcome = core_.Destroy();

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out", "out/other.crt"}));
}

TEST_F(CertificateSyncTest, OneCertificateUnderTwoKeysIsRefusedAtPlan) {
  const std::string web = NewHandle(kId);

  const auto outcome = core_.Plan(Config({{"a", web}, {"b", web}}));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_EQ(outcome.diagnostics.items().front().path, Path::Of("certificates").Key("b"));
}

TEST_F(CertificateSyncTest, CertificateWithoutItsKeyIsRefusedAtPlan) {
  const engine::sync::Bundle bundle = tests::MakeTestBundle(kId);
  const std::string web = *SealCertificate(
      parts_.context.sealer, {.certificate_id = kId, .full_chain_pem = bundle.chain.front().pem, .private_key_pem = {}});

  const auto outcome = core_.Plan(Config({{"web", web}}));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_EQ(outcome.diagnostics.items().front().path, Path::Of("certificates").Key("web")) << outcome.ToText();
}

TEST_F(CertificateSyncTest, NoDestinationIsRefused) {
  const Value config = Config({{"web", NewHandle(kId)}});
  const Type destination = *resource_->schema().ImpliedType().Find("destination");

  const auto outcome = core_.Plan(config.With("destination", Value::ObjectOf(destination, {})));

  ASSERT_TRUE(outcome.has_failed());
  EXPECT_EQ(outcome.diagnostics.items().front().path, Path::Of("destination"));
}

TEST_F(CertificateSyncTest, RootIsAddedWhenWantedAndToldWhenItCannotBeFound) {
  parts_.context.http = std::make_shared<tests::HandlerTransport>(
      [](const base::Call&, const base::http::Request&) { return base::http::Response{.status = 404}; });
  const auto root = tests::MakeTestCertificate({.common_name = "Root", .is_ca = true});
  const auto middle = tests::MakeTestCertificate({.common_name = "Middle", .is_ca = true, .issuer = &root});
  const auto leaf = tests::MakeTestCertificate({.dns_names = {"a.test"}, .issuer = &middle});
  const std::string web =
      *SealCertificate(parts_.context.sealer,
                       {.certificate_id = kId, .full_chain_pem = leaf.pem + middle.pem, .private_key_pem = leaf.key.ToPem()});
  const Value config = Config({{"web", web}});
  const Value with_root = config.With("include_root_ca", Value::Bool(true));
  ExpectGood(core_.Apply(config));
  EXPECT_EQ(dir_.Read("out/" + kId + ".crt"), leaf.pem + middle.pem);

  dir_.Write("roots.pem", tests::TestIssuer().pem);
  setenv("SSL_CERT_FILE", (dir_ / "roots.pem").c_str(), 1);
  const auto failed = core_.Apply(with_root);
  dir_.Write("roots.pem", tests::TestIssuer().pem + root.pem);
  const auto outcome = core_.Apply(with_root);
  unsetenv("SSL_CERT_FILE");

  ASSERT_TRUE(failed.has_failed()) << failed.ToText();
  EXPECT_EQ(failed.diagnostics.items().front().path, Path::Of("include_root_ca"));
  ExpectGood(outcome);
  EXPECT_EQ(dir_.Read("out/" + kId + ".crt"), leaf.pem + middle.pem + root.pem);
  ExpectGood(core_.Apply(config));
  EXPECT_EQ(dir_.Read("out/" + kId + ".crt"), leaf.pem + middle.pem);
}

TEST_F(CertificateSyncTest, ImportTakesOverWhatIsThereWhenToldTo) {
  const std::string web = NewHandle(kId);
  (void)core_.Apply(Config({{"web", web}}));
  tests::FakeCore anew(*resource_, parts_.context, parts_.clock);
  const std::string path = dir_ / "out/" + kId + ".crt";
  EXPECT_FALSE(anew.Import("local_files/web=" + path).has_failed());
  std::filesystem::remove(dir_ / "out/." + kId + ".certwright");
  const Value config = Config({{"web", NewHandle(kId)}});

  const auto refused = anew.Apply(config);
  ASSERT_TRUE(refused.has_failed());
  EXPECT_EQ(refused.diagnostics.items().front().path, Path::Of("certificates").Key("web"));

  ExpectGood(anew.Apply(config.With("adopt", Value::Bool(true))));
  EXPECT_EQ(anew.state().Get("synced").AsMembers().at("web").Get("external_id").AsString(), path);
  EXPECT_FALSE(anew.Destroy().has_failed());
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out"}));
}

TEST_F(CertificateSyncTest, ImportOfAKeyThatTheConfigurationLacksTouchesNothing) {
  (void)core_.Apply(Config({{"web", NewHandle(kId)}}));
  tests::FakeCore anew(*resource_, parts_.context, parts_.clock);
  (void)anew.Import("local_files/old=" + (dir_ / "out/" + kId + ".crt"));

  const auto refused = anew.Apply(Config({{"web", NewHandle(kOtherId)}}));

  ASSERT_TRUE(refused.has_failed());
  EXPECT_EQ(refused.diagnostics.items().front().path, Path::Of("certificates"));
  EXPECT_TRUE(dir_.Entries().contains("out/" + kId + ".crt"));
}

TEST_F(CertificateSyncTest, ImportSaysWhatItsIdShallBe) {
  for (const char* id :
       {"", "web", "nowhere/web=x", "local_files/web", "local_files/=x", "local_files/web=", "local_files/a=1,a=2"}) {
    tests::FakeCore anew(*resource_, parts_.context, parts_.clock);
    const auto outcome = anew.Import(id);
    ASSERT_TRUE(outcome.has_failed()) << id;
    EXPECT_NE(outcome.ToText().find("aws_certificate_manager/web=arn"), std::string::npos) << outcome.ToText();
  }
}

TEST_F(CertificateSyncTest, ReSealedHandleWritesNothing) {
  const std::string web = NewHandle(kId);
  (void)core_.Apply(Config({{"web", web}}));
  const auto written = std::filesystem::last_write_time(dir_ / "out/" + kId + ".crt");
  parts_.context.sealer = Sealer::Ready(tests::TestKey('b'), {tests::TestKey('a')});

  ExpectGood(core_.Apply(Config({{"web", *ResealCertificate(parts_.context.sealer, web)}})));

  EXPECT_EQ(std::filesystem::last_write_time(dir_ / "out/" + kId + ".crt"), written);
}

}  // namespace
}  // namespace resources::certificate_sync
