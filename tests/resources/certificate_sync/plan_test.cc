// SPDX-License-Identifier: MPL-2.0
// What stays known in the plan of a sync, and that the second plan and the apply keep it: FakeCore compares all three.
#include "resources/certificate_sync/plan.h"

#include <gtest/gtest.h>

#include "resources/certificate_sync/certificate_sync.h"
#include "resources/sealed/payload.h"
#include "tests/resources/certificate_sync/ids.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_core.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_bundle.h"

namespace resources::certificate_sync {
namespace {

using schema::cty::Type;
using schema::cty::Value;
using tests::Action;

class SyncPlan : public testing::Test {
 protected:
  using Keys = std::map<std::string, Value>;

  // A new certificate at each call, as a renewal has.
  Value Issue(const std::string& certificate_id, const char* name = "a.test",
              base::TimePoint not_after = tests::TestCertificateSpec{}.not_after) const {
    const auto leaf = tests::MakeTestCertificate({.dns_names = {name}, .not_after = not_after, .issuer = &tests::TestIssuer()});
    return Value::String(*sealed::SealCertificate(parts_.context.sealer, {.certificate_id = certificate_id,
                                                                          .full_chain_pem = leaf.pem + tests::TestIssuer().pem,
                                                                          .private_key_pem = leaf.key.ToPem()}));
  }
  // As the plan of a certificate announces its next handle.
  static Value Announce(const std::string& certificate_id, const std::string& algorithm = "EC_P256") {
    return Value::Unknown(Type::String(),
                          {.is_null = false,
                           .string_prefix = sealed::KnownPrefix(sealed::handle_kind::kCertificate,
                                                                sealed::CertificateFacts(certificate_id, algorithm))});
  }
  Value Config(const Keys& certificates, const std::string& name_schema = "{{certificateId}}") const {
    const Type destination = *resource_->schema().ImpliedType().Find("destination");
    const Value block = Value::ObjectOf(*destination.Find("local_files"), {{"directory", Value::String(dir_ / "out")}});
    return core_.Config({{"name", Value::String("files")},
                         {"destination", Value::ObjectOf(destination, {{"local_files", block}})},
                         {"certificates", Value::Map(Type::String(), Value::Members(certificates.begin(), certificates.end()))},
                         {"name_schema", Value::String(name_schema)}});
  }
  Value Member(const Value& object, const char* name) const { return object.Get("synced").AsMembers().at("web").Get(name); }
  void ExpectGood(const tests::Outcome& outcome) {
    EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
    EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  }

  tests::TestContext parts_;
  tests::TempDir dir_;
  std::unique_ptr<Resource> resource_ = MakeCertificateSync();
  tests::FakeCore core_{*resource_, parts_.context, parts_.clock};
};

TEST_F(SyncPlan, ARenewalKeepsIdAndName) {
  ExpectGood(core_.Apply(Config({{"web", Issue(kId)}})));
  const Value id = Member(core_.state(), "external_id");

  const auto planned = core_.Plan(Config({{"web", Announce(kId)}}));
  const auto renewed = core_.Apply(Config({{"web", Announce(kId)}}), Config({{"web", Issue(kId)}}));

  EXPECT_EQ(Member(planned.planned, "external_id"), id);
  EXPECT_EQ(Member(planned.planned, "name"), Value::String(kId));
  EXPECT_TRUE(Member(planned.planned, "fingerprint_sha256").is_unknown());
  EXPECT_TRUE(Member(planned.planned, "version").is_null()) << "files have no versions";
  EXPECT_TRUE(planned.planned.Get("pending_removals").is_known());
  ExpectGood(renewed);
  EXPECT_EQ(Member(core_.state(), "external_id"), id);
}

TEST_F(SyncPlan, AnotherCertificateUnderTheKeyHasAnotherId) {
  ExpectGood(core_.Apply(Config({{"web", Issue(kId)}})));

  const auto planned = core_.Plan(Config({{"web", Announce(kOtherId)}}));

  EXPECT_TRUE(Member(planned.planned, "external_id").is_unknown());
  ExpectGood(core_.Apply(Config({{"web", Announce(kOtherId)}}), Config({{"web", Issue(kOtherId)}})));
}

TEST_F(SyncPlan, AHandleOfWhichNothingIsKnownPromisesNothing) {
  ExpectGood(core_.Apply(Config({{"web", Issue(kId)}})));
  const Value unknown = Config({{"web", Value::Unknown(Type::String())}});

  EXPECT_TRUE(Member(core_.Plan(unknown).planned, "external_id").is_unknown());
  ExpectGood(core_.Apply(unknown, Config({{"web", Issue(kId)}})));
}

// The name stays with the certificate, also where the schema would make another one of its new names.
TEST_F(SyncPlan, ANameFromTheCommonNameStaysThroughRenewals) {
  const std::string name_schema = "{{commonName}}-{{certificateId}}";
  ExpectGood(core_.Apply(Config({{"web", Issue(kId, "a.test")}}, name_schema)));
  const Value name = Member(core_.state(), "name");

  ExpectGood(core_.Apply(Config({{"web", Announce(kId)}}, name_schema), Config({{"web", Issue(kId, "b.test")}}, name_schema)));

  EXPECT_EQ(Member(core_.state(), "name"), name);
  EXPECT_TRUE(dir_.Entries().contains("out/" + name.AsString() + ".crt"));
}

TEST_F(SyncPlan, ARepairKeepsIdNameAndExpiry) {
  const Value config = Config({{"web", Issue(kId)}});
  ExpectGood(core_.Apply(config));
  std::filesystem::remove(dir_ / "out/" + kId + ".crt");

  const auto planned = core_.Plan(config);

  ASSERT_EQ(planned.action, Action::kUpdate);
  for (const char* name : {"external_id", "name", "not_after"}) {
    EXPECT_EQ(Member(planned.planned, name), Member(core_.state(), name)) << name;
  }
  ExpectGood(core_.Apply(config));
}

TEST_F(SyncPlan, AFailedPushKeepsThePromiseForTheNextPlan) {
  ExpectGood(core_.Apply(Config({{"web", Issue(kId)}})));
  const Value id = Member(core_.state(), "external_id");
  const Value renewed = Config({{"web", Issue(kId)}});
  std::filesystem::remove_all(dir_ / "out");
  dir_.Write("out", "no directory");

  ASSERT_TRUE(core_.Apply(renewed).has_failed());
  std::filesystem::remove(dir_ / "out");
  const auto planned = core_.Plan(renewed);

  EXPECT_EQ(Member(planned.planned, "external_id"), id);
  ExpectGood(core_.Apply(renewed));
  EXPECT_EQ(Member(core_.state(), "external_id"), id);
}

TEST_F(SyncPlan, ReSealedHandlesChangeNoMember) {
  const Value web = Issue(kId);
  ExpectGood(core_.Apply(Config({{"web", web}})));
  const Value synced = core_.state().Get("synced");
  parts_.context.sealer = sealed::Sealer::Ready(tests::TestKey('b'), {tests::TestKey('a')});
  const Value again = Value::String(*sealed::ResealCertificate(parts_.context.sealer, web.AsString()));

  const auto outcome = core_.Apply(Config({{"web", again}}));

  ExpectGood(outcome);
  EXPECT_EQ(outcome.planned.Get("synced"), synced);
}

TEST_F(SyncPlan, ACertificateThatExpiresBetweenPlanAndApplyIsAnErrorAndStays) {
  const Value config = Config({{"web", Issue(kId)}});
  ExpectGood(core_.Apply(config));
  std::filesystem::permissions(dir_ / "out/" + kId + ".key", std::filesystem::perms(0640));
  core_.BeforeChange([&] { parts_.clock.Advance(std::chrono::hours(24 * 400)); });

  const auto outcome = core_.Apply(config);
  core_.BeforeChange({});

  EXPECT_TRUE(outcome.has_failed());
  EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  EXPECT_TRUE(dir_.Entries().contains("out/" + kId + ".crt"));
  ExpectGood(core_.Apply(config));
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out"}));
}

// Protocol 6.11.
class SyncPlanWithoutRead : public SyncPlan {
 protected:
  SyncPlanWithoutRead() { core_.KeepPlannedPrivate(); }
  void LetExpire() { parts_.clock.Advance(std::chrono::hours(24 * 400)); }
};

TEST_F(SyncPlanWithoutRead, TheFirstPlanSeesWhatHasExpired) {
  const Value config = Config({{"web", Issue(kId)}});
  ExpectGood(core_.Apply(config));
  LetExpire();
  core_.Refresh(tests::FakeCore::Refreshes::kNever);

  EXPECT_EQ(core_.Plan(config).action, Action::kUpdate);
  ExpectGood(core_.Apply(config));

  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out"}));
}

TEST_F(SyncPlanWithoutRead, WhatExpiresAfterTheFirstPlanIsLeftToTheNext) {
  const Value web = Issue(kId);
  ExpectGood(core_.Apply(Config({{"web", web}})));
  core_.BeforeChange([&] { LetExpire(); });

  const auto outcome = core_.Apply(Config({{"web", web}, {"mail", Issue(kOtherId)}}));

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_TRUE(dir_.Entries().contains("out/" + kId + ".crt"));
}

// "certificates["web"]: The certificate …" of a plan's errors.
std::string ErrorsOf(const tests::Outcome& outcome) {
  std::string text;
  for (const auto& one : outcome.diagnostics.items()) text += one.path->ToText() + ": " + one.summary + '\n';
  return text;
}

TEST_F(SyncPlan, ADestinationThatTheProfileDoesNotAllowIsRefusedBeforeTheCertificateExists) {
  const auto announce = [](sealed::AllowedDestinations destinations) {
    return Value::Unknown(Type::String(),
                          {.is_null = false,
                           .string_prefix = sealed::KnownPrefix(sealed::handle_kind::kCertificate,
                                                                sealed::CertificateFacts(kId, "EC_P256", destinations))});
  };
  const std::string refused = "certificates[\"web\"]: The certificate may not be deployed here: web\n";

  EXPECT_EQ(ErrorsOf(core_.Plan(Config({{"web", announce(std::set<std::string>{"vault_kv"})}}))), refused);
  EXPECT_EQ(ErrorsOf(core_.Plan(Config({{"web", announce(std::set<std::string>())}}))), refused);
  EXPECT_EQ(ErrorsOf(core_.Plan(Config({{"web", announce(std::set<std::string>{"local_files", "vault_kv"})}}))), "");
  EXPECT_EQ(ErrorsOf(core_.Plan(Config({{"web", announce(std::nullopt)}}))), "");
}

TEST_F(SyncPlan, ADestinationIsRefusedWhenSomethingIsPushedThereAlone) {
  const auto leaf = tests::MakeTestCertificate({.dns_names = {"a.test"}, .issuer = &tests::TestIssuer()});
  const auto seal = [&](sealed::AllowedDestinations destinations) {
    return Value::String(*sealed::SealCertificate(parts_.context.sealer, {.certificate_id = kId,
                                                                          .full_chain_pem = leaf.pem + tests::TestIssuer().pem,
                                                                          .private_key_pem = leaf.key.ToPem(),
                                                                          .destinations = std::move(destinations)}));
  };
  ExpectGood(core_.Apply(Config({{"web", seal(std::nullopt)}})));

  // The same certificate, with another handle.
  EXPECT_EQ(ErrorsOf(core_.Plan(Config({{"web", seal(std::set<std::string>())}}))), "");
  EXPECT_NE(ErrorsOf(core_.Plan(Config({{"web", seal(std::nullopt)}, {"mail", seal(std::set<std::string>())}}))), "");
}

}  // namespace
}  // namespace resources::certificate_sync
