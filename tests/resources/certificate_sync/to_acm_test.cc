// SPDX-License-Identifier: MPL-2.0
// A sync to ACM, which gives a key of another type an ARN of its own, and removes nothing that is in use.
#include <gtest/gtest.h>

#include "resources/certificate_sync/certificate_sync.h"
#include "resources/sealed/payload.h"
#include "tests/engine/vendors/aws/fake_certificate_manager.h"
#include "tests/resources/certificate_sync/ids.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_core.h"
#include "tests/support/settings.h"
#include "tests/support/test_bundle.h"

namespace resources::certificate_sync {
namespace {

using base::crypto::KeyAlgorithm;
using schema::cty::Type;
using schema::cty::Value;
using sealed::SealCertificate;
using sealed::SealConnection;
using tests::Action;
using tests::FakeAcm;

class SyncToAcm : public testing::Test {
 protected:
  SyncToAcm() { parts_.context.http = acm_; }

  std::string Connect() const {
    engine::connections::Connection connection{
        .kind = "aws",
        .id = "c",
        .settings = tests::ConnectionSettings("aws", {{"endpoint_url", FakeAcm::kUrl}, {"access_key_id", FakeAcm::kKeyId}})};
    tests::Put(connection.settings, "secret_access_key", base::Secret(FakeAcm::kSecret));
    return *SealConnection(parts_.context.sealer, connection);
  }
  // A new certificate at each call, as a renewal has.
  std::string NewHandle(KeyAlgorithm algorithm) const {
    const auto leaf = tests::MakeTestCertificate({.common_name = "a.test",
                                                  .dns_names = {"a.test"},
                                                  .issuer = &tests::TestIssuer(),
                                                  .key = *base::crypto::GenerateKey(algorithm)});
    return *SealCertificate(
        parts_.context.sealer,
        {.certificate_id = kId, .full_chain_pem = leaf.pem + tests::TestIssuer().pem, .private_key_pem = leaf.key.ToPem()});
  }
  Value Config(const std::string& handle, const char* team = "one") const {
    const Type destination = *resource_->schema().ImpliedType().Find("destination");
    const Value block = Value::ObjectOf(
        *destination.Find("aws_certificate_manager"),
        {{"region", Value::String(FakeAcm::kRegion)}, {"tags", Value::Map(Type::String(), {{"team", Value::String(team)}})}});
    return core_.Config({{"name", Value::String("acm")},
                         {"app_connection", Value::String(Connect())},
                         {"destination", Value::ObjectOf(destination, {{"aws_certificate_manager", block}})},
                         {"certificates", Value::Map(Type::String(), {{"web", Value::String(handle)}})}});
  }
  Value Synced() const { return core_.state().Get("synced").AsMembers().at("web"); }
  Value::Members Pending() const { return core_.state().Get("pending_removals").AsMembers(); }
  std::string Arn() const { return Synced().Get("external_id").AsString(); }

  tests::TestContext parts_;
  std::shared_ptr<FakeAcm> acm_ = std::make_shared<FakeAcm>();
  std::unique_ptr<Resource> resource_ = MakeCertificateSync();
  tests::FakeCore core_{*resource_, parts_.context, parts_.clock};
};

// A load balancer gets the new ARN only after the sync was applied: an error would keep it from that for ever.
TEST_F(SyncToAcm, WhatWasReplacedIsRemovedByALaterApplyAndTheSuccessorKeepsItsPlace) {
  ASSERT_FALSE(core_.Apply(Config(NewHandle(KeyAlgorithm::kEcP256))).has_failed());
  const std::string former = Arn();
  acm_->SetUsers(former, {"arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1"});
  const std::string other = NewHandle(KeyAlgorithm::kEcP384);

  const auto in_use = core_.Apply(Config(other));
  const std::string successor = Arn();
  EXPECT_FALSE(in_use.has_failed()) << in_use.ToText();
  EXPECT_NE(in_use.ToText().find("loadbalancer/app/web/1"), std::string::npos) << in_use.ToText();
  EXPECT_NE(successor, former);
  EXPECT_EQ(Synced().Get("status").AsString(), "synced");
  ASSERT_EQ(Pending().size(), 1U);
  EXPECT_EQ(Pending().begin()->second.Get("external_id").AsString(), former);
  EXPECT_EQ(core_.Apply(Config(other)).action, Action::kUpdate) << "it is tried again";
  EXPECT_EQ(Arn(), successor);

  acm_->SetUsers(former, {});
  const auto settled = core_.Apply(Config(other));

  EXPECT_FALSE(settled.has_failed()) << settled.ToText();
  EXPECT_EQ(Arn(), successor);
  EXPECT_EQ(Synced().Get("status").AsString(), "synced");
  EXPECT_TRUE(Pending().empty());
  EXPECT_EQ(acm_->Snapshot().find(former), std::string::npos);
}

// A change of settings is a move of all objects: here to where they are.
TEST_F(SyncToAcm, AnotherSettingIsWrittenInPlace) {
  const std::string handle = NewHandle(KeyAlgorithm::kEcP256);
  ASSERT_FALSE(core_.Apply(Config(handle)).has_failed());
  const std::string arn = Arn();

  const auto changed = core_.Apply(Config(handle, "two"));

  EXPECT_FALSE(changed.has_failed()) << changed.ToText();
  EXPECT_EQ(Arn(), arn);
  EXPECT_EQ(acm_->Get(arn).tags.at("team"), "two");
}

// A listener certificate that forces replacement on the ARN would be an outage at each renewal.
TEST_F(SyncToAcm, ARenewalKeepsTheArnInThePlan) {
  ASSERT_FALSE(core_.Apply(Config(NewHandle(KeyAlgorithm::kEcP256))).has_failed());
  const std::string arn = Arn();

  const auto renewed = core_.Apply(Config(NewHandle(KeyAlgorithm::kEcP256)));
  const auto other_key = core_.Plan(Config(NewHandle(KeyAlgorithm::kEcP384)));

  EXPECT_EQ(renewed.planned.Get("synced").AsMembers().at("web").Get("external_id"), Value::String(arn));
  EXPECT_TRUE(renewed.violations.empty()) << renewed.ToText();
  EXPECT_EQ(Arn(), arn);
  EXPECT_TRUE(other_key.planned.Get("synced").AsMembers().at("web").Get("external_id").is_unknown());
}

TEST_F(SyncToAcm, AnArnThatIsGoneIsUnknownInThePlan) {
  const Value config = Config(NewHandle(KeyAlgorithm::kEcP256));
  ASSERT_FALSE(core_.Apply(config).has_failed());
  acm_->Erase(Arn());

  const auto outcome = core_.Apply(config);

  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  EXPECT_EQ(Synced().Get("status").AsString(), "synced");
}

// What the plan promised cannot be kept: the object and all that is known of it stay, and the next plan announces a new ARN.
TEST_F(SyncToAcm, ARefusedPromiseIsAnErrorOnceAndThenANewArn) {
  ASSERT_FALSE(core_.Apply(Config(NewHandle(KeyAlgorithm::kEcP256))).has_failed());
  const std::string former = Arn();
  const Value renewed = Config(NewHandle(KeyAlgorithm::kEcP256));
  core_.BeforeChange([&] { acm_->RefuseNextImportInto(former); });

  const auto refused = core_.Apply(renewed);
  core_.BeforeChange({});
  EXPECT_TRUE(refused.has_failed());
  EXPECT_TRUE(refused.violations.empty()) << refused.ToText();
  EXPECT_NE(refused.ToText().find("missing one or more Key Usages"), std::string::npos) << refused.ToText();
  EXPECT_EQ(Arn(), former);
  EXPECT_EQ(Synced().Get("status").AsString(), "failed");

  EXPECT_TRUE(core_.Plan(renewed).planned.Get("synced").AsMembers().at("web").Get("external_id").is_unknown());
  acm_->RefuseNextImportInto(former);
  const auto moved = core_.Apply(renewed);
  EXPECT_FALSE(moved.has_failed()) << moved.ToText();
  EXPECT_TRUE(moved.violations.empty()) << moved.ToText();
  EXPECT_NE(Arn(), former);
  EXPECT_EQ(acm_->Snapshot().find(former), std::string::npos) << "the former one is removed";
}

}  // namespace
}  // namespace resources::certificate_sync
