// SPDX-License-Identifier: MPL-2.0
// The aws_secrets_manager destination against a strict fake.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/aws/fake_secrets_manager.h"
#include "tests/support/settings.h"
#include "tests/support/test_destination.h"

namespace tests::aws_secrets_manager {
namespace {

using base::ErrorKind;
using base::Json;
using engine::connections::Connection;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using Settings = SettingEntries;
using testing::HasSubstr;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";
constexpr const char* kSyncId = "5c0e";

Connection Connect() {
  Connection connection{.kind = "aws",
                        .id = "c",
                        .settings = ConnectionSettings(
                            "aws", {{"endpoint_url", FakeSecretsManager::kUrl}, {"access_key_id", FakeSecretsManager::kKeyId}})};
  Put(connection.settings, "secret_access_key", base::Secret(FakeSecretsManager::kSecret));
  return connection;
}

const engine::sync::DestinationSpec& Spec() { return *engine::vendors::FindDestination("aws_secrets_manager"); }

std::unique_ptr<Destination> Make(FakeSecretsManager& secrets, Settings settings = {}, const char* sync_id = kSyncId) {
  const Connection connection = Connect();
  settings.try_emplace("region", FakeSecretsManager::kRegion);
  return MakeTestDestination("aws_secrets_manager", {.settings = DestinationSettings("aws_secrets_manager", settings),
                                                     .connection = &connection,
                                                     .deps = {.http = &secrets},
                                                     .sync_id = sync_id});
}

class SecretsManagerHarness final : public ApiDestinationHarness {
 public:
  Destination& destination() override {
    destination_ = Make(secrets_);
    return *destination_;
  }
  std::string Snapshot() override { return secrets_.Snapshot(); }
  void ReplaceCertificate(const Deployed& deployed) override {
    secrets_.Overwrite(deployed.external_id, Json{{"certificate", MakeTestBundle(kId).chain.front().pem}}.dump());
  }
  void TakeAway(const Deployed& deployed) override { secrets_.Erase(deployed.external_id); }
  void DamageBesideLeaf(const Deployed& deployed) override {
    Json content = Json::parse(secrets_.Get(deployed.external_id).text);
    content["private_key"] = "gone";
    secrets_.Overwrite(deployed.external_id, content.dump());
  }
  void PlaceForeign(const std::string& name) override {
    foreign_ = secrets_.Add({.name = name, .text = "theirs", .version = "theirs"});
  }
  bool ForeignIsIntact() override { return secrets_.Get(foreign_).text == "theirs"; }
  // Secrets are written as a whole: there is no half way.
  void BreakNextPut(const std::string&) override { secrets_.DenyNext({"CreateSecret", "UpdateSecret"}); }
  void Mend() override { secrets_.DenyNext({}); }
  FakeApi& api() override { return secrets_; }
  base::http::Response Throttled() override {
    return JsonAnswer(400, {{"__type", "ThrottlingException"}, {"message", "Rate exceeded"}});
  }

 private:
  FakeSecretsManager secrets_;
  std::unique_ptr<Destination> destination_;
  std::string foreign_;
};

INSTANTIATE_TEST_SUITE_P(AwsSecretsManager, DestinationContract, testing::Values(MakeHarness<SecretsManagerHarness>));
INSTANTIATE_TEST_SUITE_P(AwsSecretsManager, ApiDestinationContract, testing::Values(MakeHarness<SecretsManagerHarness>));

class AwsSecretsManager : public DestinationTest {
 protected:
  Deployed Put(const Bundle& bundle, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::Put(*destination_, "web", bundle, previous);
  }

  std::optional<Deployed> Observe(const Deployed& known) { return *destination_->Observe(clock_.Call(), known); }

  FakeSecretsManager secrets_;
  std::unique_ptr<Destination> destination_ = Make(secrets_);
};

TEST_F(AwsSecretsManager, HoldsTheCertificateUnderTheNamesOfTheFields) {
  destination_ = Make(secrets_, {{"field_names.certificate", "tls.crt"}, {"kms_key_id", "alias/tls"}, {"tags", "team=web"}});
  const Bundle bundle = MakeTestBundle(kId);

  const Deployed now = Put(bundle);

  const auto item = secrets_.Get(now.external_id);
  EXPECT_EQ(Json::parse(item.text), (Json{{"tls.crt", bundle.chain.front().pem},
                                          {"private_key", bundle.private_key_pem.Reveal()},
                                          {"ca_certificate", bundle.chain.at(1).pem}}));
  EXPECT_EQ(item.kms_key_id, "alias/tls");
  EXPECT_EQ(item.tags, (std::map<std::string, std::string>{
                           {"certwright:certificate-id", kId}, {"certwright:sync-id", kSyncId}, {"team", "web"}}));
  EXPECT_EQ(now.version, item.version);
}

TEST_F(AwsSecretsManager, WithoutAKeyItReturnsToTheOneOfAws) {
  destination_ = Make(secrets_, {{"kms_key_id", "alias/tls"}});
  const Deployed first = Put(MakeTestBundle(kId));
  destination_ = Make(secrets_);

  EXPECT_NE((*destination_->Observe(clock_.Call(), first))->parts, first.parts);
  const Deployed second = Put(MakeTestBundle(kId), first);

  EXPECT_EQ(secrets_.Get(second.external_id).kms_key_id, "");
}

TEST_F(AwsSecretsManager, OneListServesEveryUnchangedCertificate) {
  std::vector<Deployed> all;
  for (char i = '0'; i < '5'; ++i) {
    std::optional<Deployed> now;
    EXPECT_TRUE(destination_->Put(clock_.Call(), std::string("web-") + i, MakeTestBundle(std::string(32, i)), std::nullopt, now));
    all.push_back(*now);
  }
  const std::size_t before = secrets_.requests().size();

  for (const Deployed& one : all) EXPECT_EQ(Observe(one)->parts, one.parts);

  EXPECT_EQ(secrets_.requests().size() - before, 3U) << "three pages";
}

TEST_F(AwsSecretsManager, AListThatLagsIsNoDrift) {
  const Deployed first = Put(MakeTestBundle(kId));
  secrets_.LetListLag();
  const Deployed second = Put(MakeTestBundle(kId), first);

  EXPECT_EQ(Observe(second)->fingerprint_sha256, second.fingerprint_sha256);
  EXPECT_EQ(secrets_.CountActions("GetSecretValue"), 0U);
}

TEST_F(AwsSecretsManager, ALostAnswerMakesNoSecondSecretAndNoSecondVersion) {
  const Bundle bundle = MakeTestBundle(kId);
  secrets_.LoseNextAnswer();
  const Deployed first = Put(bundle);

  EXPECT_EQ(secrets_.CountActions("CreateSecret"), 2U);
  EXPECT_EQ(secrets_.Get(first.external_id).versions.size(), 1U);
}

TEST_F(AwsSecretsManager, RemovedIsRestorableForAsLongAsTheSettingSays) {
  destination_ = Make(secrets_, {{"recovery_window_days", "7"}});
  const Deployed now = Put(MakeTestBundle(kId));

  EXPECT_TRUE(destination_->Remove(clock_.Call(), now));

  EXPECT_EQ(secrets_.Get(now.external_id).days_to_live, 7);
}

TEST_F(AwsSecretsManager, AnInterruptedRunsSecretIsFoundByItsTags) {
  const Deployed lost = Put(MakeTestBundle(kId));

  const Deployed found = Put(MakeTestBundle(kId));

  EXPECT_EQ(found.external_id, lost.external_id);
  EXPECT_EQ(Observe(found)->parts, found.parts);
}

TEST_F(AwsSecretsManager, ANameInDeletionIsRestoredWhenItIsOfTheSameCertificate) {
  const Deployed before = Put(MakeTestBundle(kId));
  EXPECT_TRUE(destination_->Remove(clock_.Call(), before));
  destination_ = Make(secrets_, {}, "07e5");  // after a destroy the sync has another id

  const Deployed after = Put(MakeTestBundle(kId));

  EXPECT_EQ(after.external_id, before.external_id);
  EXPECT_EQ(secrets_.Get(after.external_id).tags.at("certwright:sync-id"), "07e5");
  EXPECT_EQ(secrets_.Get(after.external_id).days_to_live, 0);
}

TEST_F(AwsSecretsManager, AForeignNameInDeletionIsToldWithWhatToDo) {
  secrets_.Add({.name = "web", .text = "theirs", .version = "theirs", .days_to_live = 12});
  std::optional<Deployed> now;

  const auto put = destination_->Put(clock_.Call(), "web", MakeTestBundle(kId), std::nullopt, now);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_THAT(put.error().message, HasSubstr("in deletion: restore it"));
  EXPECT_EQ(secrets_.CountActions("RestoreSecret"), 0U);
}

TEST_F(AwsSecretsManager, TheSecretOfAnotherSyncIsForeign) {
  const Deployed theirs = Put(MakeTestBundle(kId));
  const std::string before = secrets_.Snapshot();
  destination_ = Make(secrets_, {}, "07e5");
  std::optional<Deployed> now;

  const auto put = destination_->Put(clock_.Call(), "web", MakeTestBundle(kId), std::nullopt, now);
  const auto over = destination_->Put(clock_.Call(), "web", MakeTestBundle(kId), theirs, now);

  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(over.error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(destination_->Remove(clock_.Call(), theirs));
  EXPECT_EQ(secrets_.Snapshot(), before);
}

TEST_F(AwsSecretsManager, LostTagsAreSeenAndRepaired) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed first = Put(bundle);
  secrets_.SetTags(first.external_id, {{"theirs", "stays"}});

  EXPECT_NE(Observe(first)->parts, first.parts);
  const Deployed second = Put(bundle, first);

  EXPECT_EQ(Observe(second)->parts, second.parts);
  EXPECT_EQ(secrets_.Get(first.external_id).tags.at("theirs"), "stays");
}

TEST_F(AwsSecretsManager, OtherFieldNamesOrAnotherKmsKeyAreADifference) {
  const Deployed first = Put(MakeTestBundle(kId));

  for (const auto& [name, value] : Settings{{"field_names.private_key", "tls.key"}, {"kms_key_id", "alias/tls"}}) {
    destination_ = Make(secrets_, {{name, value}});
    EXPECT_NE(Observe(first)->parts, first.parts) << name;
  }
}

TEST_F(AwsSecretsManager, ARenamedCertificateGetsASecretOfItsOwn) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed first = Put(bundle);
  std::optional<Deployed> now;

  ASSERT_TRUE(destination_->Put(clock_.Call(), "mail", bundle, first, now));

  EXPECT_NE(now->external_id, first.external_id);
  EXPECT_TRUE(destination_->Remove(clock_.Call(), first));
  EXPECT_EQ(secrets_.Get(now->external_id).days_to_live, 0);
}

TEST_F(AwsSecretsManager, WhatIsTakenOverKeepsItsNameAndGetsOurMarks) {
  using engine::sync::Adoption;
  const std::string arn = secrets_.Add({.name = "theirs", .text = "{}", .version = "theirs"});
  const auto wrong = destination_->Adopt(clock_.Call(), arn, Adoption::kMarked);
  const auto taken = destination_->Adopt(clock_.Call(), arn, Adoption::kAny);

  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::kConflict);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(Put(MakeTestBundle(kId), *taken).external_id, arn);
  EXPECT_EQ(secrets_.Get(arn).tags.at("certwright:sync-id"), kSyncId);
}

TEST_F(AwsSecretsManager, TheSecretOfAnotherSyncCanBeTakenOver) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed theirs = Put(bundle);
  destination_ = Make(secrets_, {}, "07e5");

  const auto taken = destination_->Adopt(clock_.Call(), theirs.external_id, engine::sync::Adoption::kMarked);

  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->certificate_id, kId);
  EXPECT_EQ(taken->fingerprint_sha256, theirs.fingerprint_sha256);
  EXPECT_EQ(Put(bundle, *taken).external_id, theirs.external_id);
  EXPECT_EQ(secrets_.Get(theirs.external_id).tags.at("certwright:sync-id"), "07e5");
}

TEST(AwsSecretsManagerSpec, RefusesWhatCannotWork) {
  struct Case {
    Settings settings;
    const char* field;
  };
  for (const Case& one :
       {Case{{{"recovery_window_days", "6"}}, "recovery_window_days"},
        Case{{{"recovery_window_days", "7.5"}}, "recovery_window_days"},
        Case{{{"field_names.private_key", "certificate"}}, "field_names.private_key"},
        Case{{{"field_names.certificate", ""}}, "field_names.certificate"}, Case{{{"tags", "aws:x=1"}}, "tags"}}) {
    const auto problems = Spec().validate(DestinationSettings("aws_secrets_manager", one.settings));
    ASSERT_EQ(problems.size(), 1U) << one.field;
    EXPECT_EQ(problems[0].field, one.field);
  }
  EXPECT_TRUE(
      Spec().validate(DestinationSettings("aws_secrets_manager", {{"recovery_window_days", "30"}, {"tags", "a=b"}})).empty());
  EXPECT_FALSE(Spec().check_name(std::string(513, 'a')).empty());
}

}  // namespace
}  // namespace tests::aws_secrets_manager
