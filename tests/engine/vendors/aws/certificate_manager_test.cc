// SPDX-License-Identifier: MPL-2.0
// The aws_certificate_manager destination against a strict fake.
#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/aws/fake_certificate_manager.h"
#include "tests/support/fake_random.h"
#include "tests/support/settings.h"
#include "tests/support/test_destination.h"

namespace tests::aws_certificate_manager {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using Settings = SettingEntries;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";

Connection Connect() {
  Connection connection{
      .kind = "aws",
      .id = "c",
      .settings = ConnectionSettings("aws", {{"endpoint_url", FakeAcm::kUrl}, {"access_key_id", FakeAcm::kKeyId}})};
  Put(connection.settings, "secret_access_key", base::Secret(FakeAcm::kSecret));
  return connection;
}

const engine::sync::DestinationSpec& Spec() { return *engine::vendors::FindDestination("aws_certificate_manager"); }

constexpr const char* kSyncId = "5c0e";

std::unique_ptr<Destination> Make(FakeAcm& acm, Settings settings = {}, const char* sync_id = kSyncId) {
  const Connection connection = Connect();
  settings.try_emplace("region", FakeAcm::kRegion);
  return MakeTestDestination("aws_certificate_manager", {.settings = DestinationSettings("aws_certificate_manager", settings),
                                                         .connection = &connection,
                                                         .deps = {.http = &acm},
                                                         .sync_id = sync_id});
}

std::string ChainPem(const Bundle& bundle) { return bundle.chain.at(1).pem; }

class AcmHarness final : public ApiDestinationHarness {
 public:
  Destination& destination() override {
    destination_ = Make(acm_);
    return *destination_;
  }
  std::string Snapshot() override { return acm_.Snapshot(); }
  void ReplaceCertificate(const Deployed& deployed) override {
    const Bundle other = MakeTestBundle(kId);
    acm_.Overwrite(deployed.external_id, other.chain.front().pem, ChainPem(other));
  }
  void TakeAway(const Deployed& deployed) override { acm_.Erase(deployed.external_id); }
  void DamageBesideLeaf(const Deployed& deployed) override {
    const FakeAcm::Item item = acm_.Get(deployed.external_id);
    acm_.Overwrite(deployed.external_id, item.leaf_pem, item.chain_pem + item.chain_pem);
  }
  void PlaceForeign(const std::string& name) override {
    const Bundle other = MakeTestBundle(kId);
    foreign_ = acm_.Add({.leaf_pem = other.chain.front().pem,
                         .chain_pem = ChainPem(other),
                         .key_type = "EC_prime256v1",
                         .tags = {{"Name", name}}});
    before_ = acm_.Get(foreign_).leaf_pem;
  }
  bool ForeignIsIntact() override { return acm_.Get(foreign_).leaf_pem == before_; }
  void BreakNextPut(const std::string&) override { acm_.DenyNext("DescribeCertificate"); }
  void Mend() override { acm_.DenyNext(""); }
  FakeApi& api() override { return acm_; }
  base::http::Response Throttled() override {
    return JsonAnswer(400, {{"__type", "ThrottlingException"}, {"message", "Rate exceeded"}});
  }

 private:
  FakeAcm acm_;
  std::unique_ptr<Destination> destination_;
  std::string foreign_;
  std::string before_;
};

INSTANTIATE_TEST_SUITE_P(AwsCertificateManager, DestinationContract, testing::Values(MakeHarness<AcmHarness>));
INSTANTIATE_TEST_SUITE_P(AwsCertificateManager, ApiDestinationContract, testing::Values(MakeHarness<AcmHarness>));

class AwsCertificateManager : public DestinationTest {
 protected:
  Deployed Put(const Bundle& bundle, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::Put(*destination_, "web", bundle, previous);
  }

  FakeAcm acm_;
  std::unique_ptr<Destination> destination_ = Make(acm_, {{"tags", "team=web\nempty="}});
};

TEST_F(AwsCertificateManager, TagsSayWhoseItIs) {
  const Deployed now = Put(MakeTestBundle(kId));

  auto tags = acm_.Get(now.external_id).tags;
  EXPECT_EQ(tags.erase("certwright:import-id"), 1U);
  EXPECT_EQ(
      tags,
      (std::map<std::string, std::string>{
          {"Name", "web"}, {"certwright:certificate-id", kId}, {"certwright:sync-id", kSyncId}, {"empty", ""}, {"team", "web"}}));
}

TEST_F(AwsCertificateManager, OneListServesEveryUnchangedCertificate) {
  std::vector<Deployed> all;
  for (char i = '0'; i < '5'; ++i) all.push_back(Put(MakeTestBundle(std::string(32, i))));
  const std::size_t before = acm_.requests().size();

  for (const Deployed& one : all) EXPECT_TRUE(*destination_->Observe(clock_.Call(), one));

  EXPECT_EQ(acm_.requests().size() - before, acm_.CountActions("ListCertificates"));
  EXPECT_EQ(acm_.CountActions("ListCertificates"), 3U);
  EXPECT_EQ(acm_.CountActions("GetResources"), 1U) << "for the first Put, before anything was there";
}

TEST_F(AwsCertificateManager, ARefreshAsksForEachPageOnce) {
  std::vector<Deployed> all;
  for (char i = '0'; i < '5'; ++i) all.push_back(Put(MakeTestBundle(std::string(32, i))));
  const std::size_t before = acm_.requests().size();

  const auto next_run = Make(acm_, {{"tags", "team=web"}});
  for (const Deployed& one : all) EXPECT_EQ((*next_run->Observe(clock_.Call(), one))->parts, one.parts);

  EXPECT_EQ(acm_.requests().size() - before, 5U) << "three pages of certificates, two of tags";
}

TEST_F(AwsCertificateManager, TagsThatTheListLacksYetAreNoDrift) {
  const Deployed now = Put(MakeTestBundle(kId));
  acm_.LetTaggingLag();

  const auto seen = Make(acm_)->Observe(clock_.Call(), now);

  EXPECT_EQ((*seen)->parts, now.parts);
  EXPECT_EQ(acm_.CountActions("ListTagsForCertificate"), 1U);
}

Bundle BundleOfAnotherKey() {
  const auto key = base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP384);
  const TestCertificate leaf =
      MakeTestCertificate({.common_name = "a.test", .dns_names = {"a.test"}, .issuer = &TestIssuer(), .key = *key});
  return *engine::sync::MakeBundle(kId, leaf.pem + TestIssuer().pem, key->ToPem());
}

TEST_F(AwsCertificateManager, AnotherKindOfKeyGetsAnArnOfItsOwn) {
  const Deployed first = Put(MakeTestBundle(kId));

  const Deployed second = Put(BundleOfAnotherKey(), first);

  EXPECT_NE(second.external_id, first.external_id);
  EXPECT_TRUE(destination_->Remove(clock_.Call(), first));
  EXPECT_EQ(acm_.CountActions("DeleteCertificate"), 1U);
}

// The run that imported it was killed, and what its journal knew is lost: the state has the former ARN.
TEST_F(AwsCertificateManager, TheNewArnOfAKilledRunIsFoundByItsTags) {
  const Deployed first = Put(MakeTestBundle(kId));
  const Deployed of_killed_run = Put(BundleOfAnotherKey(), first);
  destination_ = Make(acm_);

  const Deployed now = Put(BundleOfAnotherKey(), first);

  EXPECT_EQ(now.external_id, of_killed_run.external_id);
  acm_.Erase(first.external_id);
  destination_ = Make(acm_);
  EXPECT_EQ(Put(BundleOfAnotherKey(), first).external_id, of_killed_run.external_id);
}

// https://github.com/hashicorp/terraform-provider-aws/issues/42779
TEST_F(AwsCertificateManager, ACertificateThatLacksAKeyUsageGetsAnArnOfItsOwn) {
  const auto bundle_for = [](const char* key_usage) {
    const TestCertificate leaf =
        MakeTestCertificate({.common_name = "a.test", .dns_names = {"a.test"}, .key_usage = key_usage, .issuer = &TestIssuer()});
    return *engine::sync::MakeBundle(kId, leaf.pem + TestIssuer().pem, leaf.key.ToPem());
  };
  const Deployed first = Put(bundle_for("digitalSignature,keyEncipherment"));

  const Deployed second = Put(bundle_for("digitalSignature"), first);
  const Deployed third = Put(bundle_for("digitalSignature,keyEncipherment"), second);

  EXPECT_NE(second.external_id, first.external_id);
  EXPECT_EQ(third.external_id, second.external_id);
}

TEST_F(AwsCertificateManager, AnImportWhoseAnswerWasLostIsFoundAgain) {
  acm_.LoseNextAnswer();

  const Deployed now = Put(MakeTestBundle(kId));

  EXPECT_EQ(acm_.CountActions("ImportCertificate"), 1U);
  EXPECT_EQ(acm_.Get(now.external_id).tags.at("Name"), "web");
}

TEST_F(AwsCertificateManager, LostTagsAreSeenAndComeBackWithoutAnImport) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed first = Put(bundle);
  acm_.SetTags(first.external_id, {{"theirs", "stays"}});
  destination_ = Make(acm_);

  EXPECT_NE((*destination_->Observe(clock_.Call(), first))->parts, first.parts);
  const Deployed second = Put(bundle, first);

  EXPECT_EQ(acm_.Get(first.external_id).tags,
            (std::map<std::string, std::string>{
                {"Name", "web"}, {"certwright:certificate-id", kId}, {"certwright:sync-id", kSyncId}, {"theirs", "stays"}}));
  EXPECT_EQ(acm_.CountActions("ImportCertificate"), 1U);
  EXPECT_EQ(Make(acm_)->Observe(clock_.Call(), second)->value().parts, second.parts);
}

TEST_F(AwsCertificateManager, ATagOfTheUserIsAddedWithoutAnImport) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed first = Put(bundle);
  destination_ = Make(acm_, {{"tags", "team=mail"}});

  EXPECT_NE((*destination_->Observe(clock_.Call(), first))->parts, first.parts);
  Put(bundle, first);

  EXPECT_EQ(acm_.Get(first.external_id).tags.at("team"), "mail");
  EXPECT_EQ(acm_.CountActions("ImportCertificate"), 1U);
}

TEST_F(AwsCertificateManager, WhatAnInterruptedRunImportedIsFoundByItsTags) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed lost = Put(bundle);
  destination_ = Make(acm_);

  const Deployed found = Put(bundle);

  EXPECT_EQ(found.external_id, lost.external_id);
  EXPECT_EQ(acm_.CountActions("ImportCertificate"), 1U);
}

TEST_F(AwsCertificateManager, AnotherSyncDoesNotSeeIt) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed first = Put(bundle);
  destination_ = Make(acm_, {}, "07e5");

  const Deployed second = Put(bundle);

  EXPECT_NE(second.external_id, first.external_id);
  EXPECT_TRUE(destination_->Remove(clock_.Call(), first));
  EXPECT_EQ(acm_.CountActions("DeleteCertificate"), 0U);
}

TEST_F(AwsCertificateManager, WhatAnotherSyncTookOverIsAConflict) {
  const Deployed first = Put(MakeTestBundle(kId));
  const std::string before = acm_.Snapshot();
  destination_ = Make(acm_, {}, "07e5");

  std::optional<Deployed> now;
  const auto put = destination_->Put(clock_.Call(), "web", MakeTestBundle(kId), first, now);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(acm_.Snapshot(), before);
}

TEST_F(AwsCertificateManager, LostTagsComeBackWithTheNextImport) {
  const Deployed first = Put(MakeTestBundle(kId));
  acm_.SetTags(first.external_id, {{"theirs", "stays"}});

  const Deployed second = Put(MakeTestBundle(kId), first);

  EXPECT_EQ(second.external_id, first.external_id);
  EXPECT_EQ(acm_.Get(first.external_id).tags.at("certwright:certificate-id"), kId);
  EXPECT_EQ(acm_.Get(first.external_id).tags.at("theirs"), "stays");
}

TEST_F(AwsCertificateManager, WithoutItsTagACertificateIsNotRemoved) {
  const Deployed now = Put(MakeTestBundle(kId));
  acm_.SetTags(now.external_id, {});

  EXPECT_TRUE(destination_->Remove(clock_.Call(), now));

  EXPECT_EQ(acm_.CountActions("DeleteCertificate"), 0U);
}

TEST_F(AwsCertificateManager, TakesOverWhatCarriesItsTagOrWhatItIsTold) {
  const Bundle bundle = MakeTestBundle(kId);
  const std::string arn = Put(bundle).external_id;
  const auto marked = destination_->Adopt(clock_.Call(), arn, engine::sync::Adoption::kMarked);
  ASSERT_TRUE(marked) << marked.error().message;
  EXPECT_EQ(marked->certificate_id, kId);
  EXPECT_EQ(marked->fingerprint_sha256, bundle.chain.front().fingerprint_sha256);

  acm_.SetTags(arn, {});
  EXPECT_EQ(destination_->Adopt(clock_.Call(), arn, engine::sync::Adoption::kMarked).error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(destination_->Adopt(clock_.Call(), arn, engine::sync::Adoption::kAny));
  acm_.Erase(arn);
  EXPECT_EQ(destination_->Adopt(clock_.Call(), arn, engine::sync::Adoption::kAny).error().kind, ErrorKind::kNotFound);
}

TEST_F(AwsCertificateManager, WhatIsInUseIsTriedUntilTheDeadlineAndSaysByWhom) {
  const Deployed now = Put(MakeTestBundle(kId));
  acm_.SetUsers(now.external_id, {"arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1"});

  const auto removed = destination_->Remove(clock_.Call(std::chrono::minutes(1)), now);

  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(removed.error().details,
            std::vector<std::string>{"in use by arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1"});
  EXPECT_GT(acm_.CountActions("DeleteCertificate"), 10U);
}

TEST_F(AwsCertificateManager, WhatAcmRefusesIsTold) {
  Bundle bundle = MakeTestBundle(kId);
  bundle.chain.resize(1);
  std::optional<Deployed> now;

  const auto put = destination_->Put(clock_.Call(), "web", bundle, std::nullopt, now);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(put.error().message.find("Could not validate the certificate with the certificate chain"), std::string::npos)
      << put.error().message;
  EXPECT_FALSE(now);
}

TEST(AwsCertificateManagerSpec, RefusesTagsThatAreNotTheUsers) {
  for (const char* tags : {"aws:x=1", "certwright:certificate-id=1", "Name=x"}) {
    ASSERT_EQ(Spec().validate(DestinationSettings("aws_certificate_manager", {{"tags", tags}})).size(), 1U) << tags;
  }
  EXPECT_TRUE(Spec().validate(DestinationSettings("aws_certificate_manager", {{"tags", "team=web\nNamespace=x"}})).empty());
}

}  // namespace
}  // namespace tests::aws_certificate_manager
