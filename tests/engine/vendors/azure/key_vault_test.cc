// SPDX-License-Identifier: MPL-2.0
// The azure_key_vault destination against a strict fake, which tests/e2e/test_key_vault.py has Azure's own client judge.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crypto/digest.h"
#include "engine/sync/destination.h"
#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/azure/fake_key_vault.h"
#include "tests/support/settings.h"
#include "tests/support/test_destination.h"

namespace tests::azure_key_vault {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using Settings = SettingEntries;
using testing::HasSubstr;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";
constexpr const char* kSyncId = "5c0e";

Connection Connect() {
  Connection connection{
      .kind = "azure",
      .id = "c",
      .settings = ConnectionSettings("azure", {{"tenant_id", FakeKeyVault::kTenant}, {"client_id", FakeKeyVault::kClient}})};
  Put(connection.settings, "client_secret", base::Secret(FakeKeyVault::kSecret));
  return connection;
}

const engine::sync::DestinationSpec& Spec() { return *engine::vendors::FindDestination("azure_key_vault"); }

std::unique_ptr<Destination> Make(FakeKeyVault& vault, Settings settings = {}, const char* sync_id = kSyncId) {
  const Connection connection = Connect();
  settings.try_emplace("vault_url", FakeKeyVault::kUrl);
  return MakeTestDestination("azure_key_vault", {.settings = DestinationSettings("azure_key_vault", settings),
                                                 .connection = &connection,
                                                 .deps = {.http = &vault},
                                                 .sync_id = sync_id});
}

std::string NameOf(const Deployed& deployed) { return deployed.external_id.substr(deployed.external_id.rfind('/') + 1); }

class KeyVaultHarness final : public ApiDestinationHarness {
 public:
  Destination& destination() override {
    destination_ = Make(vault_);
    return *destination_;
  }
  std::string Snapshot() override { return vault_.Snapshot(); }
  void ReplaceCertificate(const Deployed& deployed) override {
    const auto tags = vault_.Versions(NameOf(deployed)).back().tags;
    vault_.Add(NameOf(deployed), {.id = "theirs", .der = MakeTestBundle(kId).chain.front().der, .tags = tags});
  }
  void TakeAway(const Deployed& deployed) override { vault_.Purge(NameOf(deployed)); }
  void DamageBesideLeaf(const Deployed& deployed) override { vault_.Disable(NameOf(deployed)); }
  void PlaceForeign(const std::string& name) override {
    foreign_ = name;
    vault_.Add(name, {.id = "theirs", .der = "theirs"});
  }
  bool ForeignIsIntact() override {
    const auto versions = vault_.Versions(foreign_);
    return versions.size() == 1 && versions[0].der == "theirs";
  }
  // A certificate is imported as a whole: there is no half way.
  void BreakNextPut(const std::string&) override { vault_.DenyImports(); }
  void Mend() override { vault_.Mend(); }
  FakeApi& api() override { return vault_; }

 private:
  FakeKeyVault vault_;
  std::unique_ptr<Destination> destination_;
  std::string foreign_;
};

INSTANTIATE_TEST_SUITE_P(AzureKeyVault, DestinationContract, testing::Values(MakeHarness<KeyVaultHarness>));
INSTANTIATE_TEST_SUITE_P(AzureKeyVault, ApiDestinationContract, testing::Values(MakeHarness<KeyVaultHarness>));

class AzureKeyVault : public DestinationTest {
 protected:
  Deployed Put(const Bundle& bundle, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::Put(*destination_, "web", bundle, previous);
  }

  std::optional<Deployed> Observe(const Deployed& known) { return *destination_->Observe(clock_.Call(), known); }

  FakeKeyVault vault_;
  std::unique_ptr<Destination> destination_ = Make(vault_);
};

TEST_F(AzureKeyVault, HandsOutKeyAndChainInTheFormatThatIsSet) {
  const Bundle bundle = MakeTestBundle(kId);
  for (const char* format : {"pkcs12", "pem"}) {
    destination_ = Make(vault_, {{"format", format}, {"tags", "team=web"}});

    const Deployed now = Put(bundle);

    const auto version = vault_.Versions("web").back();
    EXPECT_EQ(version.secret, base::Cat(bundle.private_key_pem.Reveal(), bundle.chain[0].pem, bundle.chain[1].pem));
    EXPECT_EQ(version.type, format == std::string("pem") ? "application/x-pem-file" : "application/x-pkcs12");
    EXPECT_EQ(version.tags, (std::map<std::string, std::string>{
                                {"certwright:certificate-id", kId}, {"certwright:sync-id", kSyncId}, {"team", "web"}}));
    EXPECT_EQ(now.external_id, "https://unit.vault.azure.net/certificates/web");
    EXPECT_EQ(now.version, version.id);
  }
}

TEST_F(AzureKeyVault, ARenewalIsANewVersionAndKeepsForeignTags) {
  const Deployed first = Put(MakeTestBundle(kId));
  auto tags = vault_.Versions("web").back().tags;
  tags["theirs"] = "stays";
  vault_.SetTags("web", tags);

  const Deployed second = Put(MakeTestBundle(kId), first);

  EXPECT_EQ(vault_.Versions("web").size(), 2U);
  EXPECT_NE(second.version, first.version);
  EXPECT_EQ(vault_.Versions("web").back().tags.at("theirs"), "stays");
}

TEST_F(AzureKeyVault, WithoutVersioningARenewalGetsANameOfItsOwn) {
  destination_ = Make(vault_, {{"enable_versioning", "false"}});
  const Bundle renewed = MakeTestBundle(kId);
  const Deployed first = Put(MakeTestBundle(kId));

  const Deployed second = Put(renewed, first);

  EXPECT_EQ(NameOf(second), base::Cat("web-", renewed.chain.front().fingerprint_sha256.substr(0, 8)));
  EXPECT_EQ(second.name, "web");
  EXPECT_TRUE(destination_->Remove(clock_.Call(), first));
  EXPECT_TRUE(vault_.IsDeleted(NameOf(first)));
  EXPECT_EQ(vault_.Versions(NameOf(second)).size(), 1U);
}

TEST_F(AzureKeyVault, OneListServesEveryUnchangedCertificate) {
  std::vector<Deployed> all;
  for (char i = '0'; i < '5'; ++i) {
    std::optional<Deployed> now;
    EXPECT_TRUE(destination_->Put(clock_.Call(), std::string("web-") + i, MakeTestBundle(std::string(32, i)), std::nullopt, now));
    all.push_back(*now);
  }
  const std::size_t before = vault_.requests().size();

  for (const Deployed& one : all) EXPECT_EQ(Observe(one)->parts, one.parts);

  EXPECT_EQ(vault_.requests().size() - before, 2U) << "two pages";
}

TEST_F(AzureKeyVault, LostTagsAreSeenAndRepairedWithoutANewVersion) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed first = Put(bundle);
  vault_.SetTags("web", {{"theirs", "stays"}});

  EXPECT_NE(Observe(first)->parts, first.parts);
  const Deployed second = Put(bundle, first);

  EXPECT_EQ(second.version, first.version);
  EXPECT_EQ(Observe(second)->parts, second.parts);
  EXPECT_EQ(vault_.Versions("web").back().tags.at("theirs"), "stays");
}

TEST_F(AzureKeyVault, AnotherFormatIsADifference) {
  const Bundle bundle = MakeTestBundle(kId);
  const Deployed first = Put(bundle);
  destination_ = Make(vault_, {{"format", "pem"}});

  EXPECT_NE(Observe(first)->parts, first.parts);
  Put(bundle, first);

  EXPECT_EQ(vault_.Versions("web").back().type, "application/x-pem-file");
}

TEST_F(AzureKeyVault, AnImportWhoseAnswerWasLostIsFoundAgain) {
  const Deployed first = Put(MakeTestBundle(kId));
  vault_.LoseNextAnswer();

  const Deployed second = Put(MakeTestBundle(kId), first);

  EXPECT_EQ(vault_.Versions("web").size(), 2U);
  EXPECT_EQ(second.version, vault_.Versions("web").back().id);
}

TEST_F(AzureKeyVault, AThrottledRequestWaitsAsLongAsTheVaultSays) {
  vault_.FailNext({JsonAnswer(429, {{"error", {{"code", "Throttled"}, {"message", "Request was not processed."}}}},
                              {{"Retry-After", "17"}})});
  const auto start = clock_.Call().Now();

  Put(MakeTestBundle(kId));

  EXPECT_EQ(clock_.Call().Now() - start, std::chrono::seconds(17));
}

TEST_F(AzureKeyVault, ADeletedNameIsRecoveredWhenItIsOfTheSameCertificate) {
  EXPECT_TRUE(destination_->Remove(clock_.Call(), Put(MakeTestBundle(kId))));
  vault_.SlowRecovery(3);
  destination_ = Make(vault_, {}, "07e5");  // after a destroy the sync has another id

  const Deployed after = Put(MakeTestBundle(kId));

  EXPECT_EQ(vault_.Versions("web").size(), 2U);
  EXPECT_EQ(vault_.Versions("web").back().tags.at("certwright:sync-id"), "07e5");
  EXPECT_EQ(after.version, vault_.Versions("web").back().id);
}

TEST_F(AzureKeyVault, AForeignDeletedNameIsToldWithWhatToDo) {
  EXPECT_TRUE(destination_->Remove(clock_.Call(), Put(MakeTestBundle(kId))));
  destination_ = Make(vault_, {}, "07e5");
  std::optional<Deployed> now;

  const auto put = destination_->Put(clock_.Call(), "web", MakeTestBundle(std::string(32, 'f')), std::nullopt, now);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_THAT(put.error().message, HasSubstr("az keyvault certificate purge"));
  EXPECT_TRUE(vault_.IsDeleted("web"));
}

TEST_F(AzureKeyVault, TheCertificateOfAnotherSyncIsForeign) {
  const Deployed theirs = Put(MakeTestBundle(kId));
  const std::string before = vault_.Snapshot();
  destination_ = Make(vault_, {}, "07e5");
  std::optional<Deployed> now;

  const auto put = destination_->Put(clock_.Call(), "web", MakeTestBundle(kId), std::nullopt, now);
  const auto over = destination_->Put(clock_.Call(), "web", MakeTestBundle(kId), theirs, now);

  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(over.error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(destination_->Remove(clock_.Call(), theirs));
  EXPECT_EQ(vault_.Snapshot(), before);
}

TEST_F(AzureKeyVault, WhatTheVaultRefusesIsTold) {
  vault_.DenyImports();
  std::optional<Deployed> now;

  const auto put = destination_->Put(clock_.Call(), "web", MakeTestBundle(kId), std::nullopt, now);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(put.error().code, "ForbiddenByRbac");
  EXPECT_FALSE(now);
}

TEST_F(AzureKeyVault, WhatIsTakenOverKeepsItsNameAndGetsOurMarks) {
  using engine::sync::Adoption;
  const Bundle bundle = MakeTestBundle(kId);
  vault_.Add("theirs", {.id = "one", .der = bundle.chain.front().der});
  const std::string id = "https://unit.vault.azure.net/certificates/theirs";
  const auto wrong = destination_->Adopt(clock_.Call(), id, Adoption::kMarked);
  const auto taken = destination_->Adopt(clock_.Call(), id, Adoption::kAny);

  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::kConflict);
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->fingerprint_sha256, bundle.chain.front().fingerprint_sha256);
  EXPECT_EQ(Put(bundle, *taken).external_id, id);
  EXPECT_EQ(vault_.Versions("theirs").back().tags.at("certwright:sync-id"), kSyncId);
  EXPECT_FALSE(destination_->Adopt(clock_.Call(), "https://unit.vault.azure.net/certificates/none", Adoption::kAny));
}

TEST(AzureKeyVaultSpec, TakesVaultsOfAllClouds) {
  for (const char* url : {"https://a-b.vault.azure.net", "https://a.vault.usgovcloudapi.net/", "https://a.vault.azure.cn"}) {
    EXPECT_TRUE(Spec().validate(DestinationSettings("azure_key_vault", {{"vault_url", url}})).empty()) << url;
  }
  for (const char* url : {"http://a.vault.azure.net", "https://a.vault.example.com", "https://vault.azure.net.example.com",
                          "https://a.vault.azure.net?x=1", "a.vault.azure.net", "https://a.vault.azure.net:8443"}) {
    const auto problems = Spec().validate(DestinationSettings("azure_key_vault", {{"vault_url", url}}));
    ASSERT_EQ(problems.size(), 1U) << url;
    EXPECT_EQ(problems[0].field, "vault_url");
  }
}

TEST(AzureKeyVaultSpec, NeedsAVaultOfTheConnectionsCloud) {
  FakeKeyVault vault;
  Connection connection = Connect();
  Put(connection.settings, "environment", "china");

  const auto made =
      MakeDestination(Spec(), {.settings = DestinationSettings("azure_key_vault", {{"vault_url", FakeKeyVault::kUrl}}),
                               .connection = &connection,
                               .deps = {.http = &vault}});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().blame.attribute, "vault_url");
}

TEST(AzureKeyVaultSpec, TakesNamesOfLettersDigitsAndDashes) {
  EXPECT_TRUE(Spec().check_name("Certwright-0123").empty());
  EXPECT_FALSE(Spec().check_name("tls/web").empty());
  EXPECT_FALSE(Spec().check_name("tls_web").empty());
  EXPECT_FALSE(Spec().check_name(std::string(128, 'a')).empty());
}

}  // namespace
}  // namespace tests::azure_key_vault
