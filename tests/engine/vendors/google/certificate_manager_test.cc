// SPDX-License-Identifier: MPL-2.0
// The google_certificate_manager destination against a strict fake.
#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/google/fake_api.h"
#include "tests/engine/vendors/google/fake_certificate_manager.h"
#include "tests/support/bundle_files.h"
#include "tests/support/foreign_python.h"
#include "tests/support/settings.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_destination.h"
#include "tests/support/vendor_hosts.h"

namespace tests::google_certificate_manager {
namespace {

using base::Cat;
using base::ErrorKind;
using base::Json;
using engine::connections::Connection;
using engine::sync::Adoption;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using Settings = SettingEntries;
using Fake = FakeGoogleCertificates;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";
constexpr const char* kSync = "5c0e5c0e5c0e5c0e5c0e5c0e5c0e5c0e";
const std::string kCertificates = Cat(Fake::kPlace, "/certificates/");
const std::string kEntries = Cat(Fake::kPlace, "/certificateMaps/edge/certificateMapEntries/");

const engine::sync::DestinationSpec& Spec() { return *engine::vendors::FindDestination("google_certificate_manager"); }

std::unique_ptr<Destination> Make(Fake& fake, Settings settings = {}, const std::string& sync_id = kSync) {
  Connection connection{.kind = "google_cloud", .id = "c", .settings = ConnectionSettings("google_cloud")};
  Put(connection.settings, "credentials_json", base::Secret(FakeGoogle::KeyFile()));
  return MakeTestDestination("google_certificate_manager",
                             {.settings = DestinationSettings("google_certificate_manager", settings),
                              .connection = &connection,
                              .deps = {.http = &fake},
                              .sync_id = sync_id});
}

std::string ChainPem(const Bundle& bundle) { return bundle.chain.at(0).pem + bundle.chain.at(1).pem; }

const Settings kWithMap{{"certificate_map", "edge"}, {"hostname", "www.example.test"}};

class GoogleHarness final : public ApiDestinationHarness {
 public:
  Destination& destination() override {
    destination_ = Make(fake_, kWithMap);
    return *destination_;
  }
  std::string Snapshot() override { return fake_.Snapshot(); }
  void ReplaceCertificate(const Deployed& deployed) override {
    fake_.OverwriteChain(deployed.external_id, ChainPem(MakeTestBundle(kId)));
  }
  void TakeAway(const Deployed& deployed) override {
    fake_.Erase(EntryName(deployed));
    fake_.Erase(deployed.external_id);
  }
  void DamageBesideLeaf(const Deployed& deployed) override { fake_.Erase(EntryName(deployed)); }
  void PlaceForeign(const std::string& name) override {
    foreign_ = kCertificates + name;
    fake_.Put(foreign_, ChainPem(MakeTestBundle(kId)), {{"team", "other"}});
    before_ = fake_.Get(foreign_).dump();
  }
  bool ForeignIsIntact() override { return fake_.Get(foreign_).dump() == before_; }
  // A new certificate is written and cannot be shown; a renewal is not written.
  void BreakNextPut(const std::string&) override { fake_.DenyChanges(true); }
  void Mend() override { fake_.DenyChanges(false); }
  FakeApi& api() override { return fake_; }

 private:
  static std::string EntryName(const Deployed& deployed) { return deployed.parts.at("entry of the certificate map"); }

  Fake fake_;
  std::unique_ptr<Destination> destination_;
  std::string foreign_;
  std::string before_;
};

INSTANTIATE_TEST_SUITE_P(GoogleCertificateManager, DestinationContract, testing::Values(MakeHarness<GoogleHarness>));
INSTANTIATE_TEST_SUITE_P(GoogleCertificateManager, ApiDestinationContract, testing::Values(MakeHarness<GoogleHarness>));

class GoogleCertificateManager : public DestinationTest {
 protected:
  base::Result<void> TryPut(const Settings& settings, const std::string& name, const std::optional<Deployed>& previous,
                            std::optional<Deployed>& now, const std::string& sync_id = kSync) {
    return Make(fake_, settings, sync_id)->Put(clock_.Call(), name, MakeTestBundle(kId), previous, now);
  }
  Deployed Put(const Settings& settings, const std::string& name = "web",
               const std::optional<Deployed>& previous = std::nullopt) {
    std::optional<Deployed> now;
    const auto put = TryPut(settings, name, previous, now);
    EXPECT_TRUE(put) << (put ? "" : put.error().message);
    return now.value_or(Deployed{});
  }
  base::Error Fail(const Settings& settings, const std::string& name = "web", const std::string& sync_id = kSync) {
    std::optional<Deployed> now;
    const auto put = TryPut(settings, name, std::nullopt, now, sync_id);
    EXPECT_FALSE(put);
    return put ? base::Error{} : put.error();
  }
  // What the one entry shows.
  std::vector<std::string> Shown(const Deployed& deployed) const {
    const auto entry = deployed.parts.find("entry of the certificate map");
    return entry == deployed.parts.end() ? std::vector<std::string>()
                                         : base::FindStrings(fake_.Get(entry->second), "certificates");
  }

  Fake fake_;
};

TEST_F(GoogleCertificateManager, LabelsSayWhoseItIs) {
  const Deployed now = Put({{"labels", "team=web\nempty="}, {"scope", "ALL_REGIONS"}}, "Certwright-Web");

  EXPECT_EQ(now.external_id, kCertificates + "certwright-web");
  const Json made = fake_.Get(now.external_id);
  EXPECT_EQ(made.at("labels"),
            (Json{{"certwright-sync-id", kSync}, {"certwright-certificate-id", kId}, {"empty", ""}, {"team", "web"}}));
  EXPECT_EQ(made.at("scope"), "ALL_REGIONS");
}

TEST_F(GoogleCertificateManager, ARenewalKeepsTheLabelsOfOthers) {
  const Deployed first = Put({});
  Json labels = fake_.Get(first.external_id).at("labels");
  labels["cost"] = "42";
  fake_.SetLabels(first.external_id, labels);

  (void)Put({}, "web", first);

  EXPECT_EQ(fake_.Get(first.external_id).at("labels"), labels);
}

TEST_F(GoogleCertificateManager, LostLabelsAreSeenAndMended) {
  const Deployed first = Put({});
  fake_.SetLabels(first.external_id, Json::object());

  const auto observed = Make(fake_)->Observe(clock_.Call(), first);
  ASSERT_TRUE(observed && *observed);
  EXPECT_NE((*observed)->parts, first.parts);

  (void)Put({}, "web", first);
  EXPECT_EQ(fake_.Get(first.external_id).at("labels").at("certwright-sync-id"), kSync);
}

TEST_F(GoogleCertificateManager, OneOfAnotherSyncIsAConflict) {
  (void)Put({});

  const auto error = Fail({}, "web", "another-sync");

  EXPECT_EQ(error.kind, ErrorKind::kConflict);
  EXPECT_NE(error.message.find("web"), std::string::npos) << error.message;
}

TEST_F(GoogleCertificateManager, WhatAnInterruptedRunLeftIsTakenUp) {
  (void)Put({});

  const Deployed again = Put({});

  EXPECT_EQ(fake_.Get(again.external_id).at("labels").at("certwright-sync-id"), kSync);
}

TEST_F(GoogleCertificateManager, ACreationWhoseAnswerWasLostIsFoundAgain) {
  fake_.LoseNextAnswer();

  const Deployed now = Put({});

  EXPECT_FALSE(fake_.Get(now.external_id).is_null());
}

TEST_F(GoogleCertificateManager, AFailedOperationIsAnError) {
  Bundle bundle = MakeTestBundle(kId);
  bundle.private_key_pem = MakeTestBundle(kId).private_key_pem;
  std::optional<Deployed> now;

  const auto put = Make(fake_)->Put(clock_.Call(), "web", bundle, std::nullopt, now);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(put.error().message, "Google Cloud refused: The private key does not match (INVALID_ARGUMENT)");
  EXPECT_FALSE(now);
}

TEST_F(GoogleCertificateManager, CertificatesOfOneSyncShareTheEntry) {
  const Deployed rsa = Put(kWithMap, "rsa");
  const Deployed ec = Put(kWithMap, "ec");
  EXPECT_EQ(Shown(ec), (std::vector<std::string>{rsa.external_id, ec.external_id}));

  ASSERT_TRUE(Make(fake_, kWithMap)->Remove(clock_.Call(), rsa));

  EXPECT_EQ(Shown(ec), std::vector<std::string>{ec.external_id});
  EXPECT_TRUE(fake_.Get(rsa.external_id).is_null());
}

// The certificate is there and its fingerprint is right: without this, nothing would make the next run show it.
TEST_F(GoogleCertificateManager, ACertificateThatCouldNotBeShownIsUnfinishedAndShownByTheNextRun) {
  std::optional<Deployed> now;
  fake_.DenyChanges(true);

  const auto failed = TryPut(kWithMap, "web", std::nullopt, now);

  ASSERT_FALSE(failed);
  ASSERT_TRUE(now);
  EXPECT_TRUE(now->unfinished);
  EXPECT_TRUE(Shown(*now).empty());
  fake_.DenyChanges(false);
  const Deployed completed = Put(kWithMap, "web", now);
  EXPECT_FALSE(completed.unfinished);
  EXPECT_EQ(Shown(completed), std::vector<std::string>{completed.external_id});
}

// Killed between the certificate and its entry: the state knows nothing of either.
TEST_F(GoogleCertificateManager, WhatAKilledRunLeftUnshownIsShown) {
  (void)Put({});

  const Deployed now = Put(kWithMap);

  EXPECT_FALSE(now.unfinished);
  EXPECT_EQ(Shown(now), std::vector<std::string>{now.external_id});
}

TEST_F(GoogleCertificateManager, AnEntryOfSomebodyElseIsAConflict) {
  const std::string entry = Put(kWithMap).parts.at("entry of the certificate map");
  Json foreign = fake_.Get(entry);
  foreign["labels"] = Json::object();
  fake_.PutEntry(entry, foreign);

  const auto error = Fail(kWithMap, "other");

  EXPECT_EQ(error.kind, ErrorKind::kConflict);
  EXPECT_NE(error.message.find("www.example.test"), std::string::npos) << error.message;
  EXPECT_EQ(fake_.Get(entry), foreign);
}

TEST_F(GoogleCertificateManager, AnotherHostnameMovesTheCertificateToAnotherEntry) {
  const Deployed first = Put(kWithMap);

  const Deployed second = Put({{"certificate_map", "edge"}}, "web", first);

  EXPECT_TRUE(Shown(first).empty());
  EXPECT_EQ(Shown(second), std::vector<std::string>{second.external_id});
  EXPECT_EQ(fake_.Get(second.parts.at("entry of the certificate map")).at("matcher"), "PRIMARY");
}

TEST_F(GoogleCertificateManager, InUseElsewhereIsToldAndNothingIsLost) {
  const Deployed now = Put({});
  fake_.PutEntry(kEntries + "foreign", {{"name", "foreign"}, {"certificates", {now.external_id}}});

  const auto removed = Make(fake_)->Remove(clock_.Call(), now);

  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, ErrorKind::kConflict);
  EXPECT_NE(removed.error().message.find("referenced by"), std::string::npos) << removed.error().message;
}

TEST_F(GoogleCertificateManager, TheScopeCannotBeChanged) {
  const Deployed first = Put({});
  std::optional<Deployed> now;

  const auto put = TryPut({{"scope", "EDGE_CACHE"}}, "web", first, now);

  ASSERT_FALSE(put);
  EXPECT_NE(put.error().message.find("-replace"), std::string::npos) << put.error().message;
}

TEST_F(GoogleCertificateManager, AdoptsWhatIsMarkedOrWhatTheUserSays) {
  const Deployed ours = Put({});
  fake_.Put(kCertificates + "foreign", ChainPem(MakeTestBundle(kId)), Json::object());

  const auto marked = Make(fake_, {}, "new-sync")->Adopt(clock_.Call(), ours.external_id, Adoption::kMarked);
  const auto unmarked = Make(fake_)->Adopt(clock_.Call(), kCertificates + "foreign", Adoption::kMarked);
  const auto any = Make(fake_)->Adopt(clock_.Call(), kCertificates + "foreign", Adoption::kAny);
  const auto none = Make(fake_)->Adopt(clock_.Call(), kCertificates + "none", Adoption::kAny);

  ASSERT_TRUE(marked) << marked.error().message;
  EXPECT_EQ(marked->certificate_id, kId);
  EXPECT_EQ(unmarked.error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(any);
  EXPECT_EQ(none.error().kind, ErrorKind::kNotFound);
}

TEST(GoogleCertificateManagerSpec, ChecksLabelsMapsAndNames) {
  EXPECT_TRUE(Spec()
                  .validate(DestinationSettings("google_certificate_manager",
                                                {{"labels", "team=web"}, {"certificate_map", "edge"}, {"location", "global"}}))
                  .empty());
  const std::pair<Settings, std::string> mistakes[]{
      {{{"labels", "Team=web"}}, "labels"},
      {{{"labels", "certwright-sync-id=x"}}, "labels"},
      {{{"hostname", "a.test"}}, "hostname"},
      {{{"certificate_map", "m"}, {"location", "europe-west1"}}, "certificate_map"}};
  for (const auto& [settings, field] : mistakes) {
    const auto problems = Spec().validate(DestinationSettings("google_certificate_manager", settings));
    ASSERT_EQ(problems.size(), 1U) << field;
    EXPECT_EQ(problems.front().field, field);
  }
  EXPECT_EQ(Spec().check_name("Certwright-0123456789abcdef0123456789abcdef"), "");
  EXPECT_NE(Spec().check_name("a_b"), "");
  EXPECT_NE(Spec().check_name(std::string(64, 'a')), "");
}

class FakeGoogleCertificatesJudged : public WithForeignPython {};

TEST_F(FakeGoogleCertificatesJudged, GooglesOwnSdkIsServedAndRefusedAsByGoogle) {
  Fake fake;
  const VendorHosts hosts(fake, {"certificatemanager.googleapis.com", "oauth2.googleapis.com"});
  const TemporaryFolder folder;
  const std::string key_file = folder.Write("account.json", FakeGoogle::KeyFile());
  const BundleFiles first;
  const BundleFiles second;

  const std::string findings =
      RunJudge("google/judge_certificate_manager.py", {key_file, Fake::kPlace, first.chain, first.key, second.chain, second.key},
               hosts.environment());

  EXPECT_EQ(findings,
            "made: True True {'team': 'web'} DEFAULT\n"
            "names: a.test\n"
            "hides the key: True\n"
            "listed: True\n"
            "twice: Conflict Resource 'projects/project-1/locations/global/certificates/web' already exists\n"
            "updated: True True True\n"
            "labels: team tier\n"
            "foreign key: InvalidArgument The private key does not match\n"
            "entry: True\n"
            "in use: BadRequest\n"
            "gone: NotFound\n");
  EXPECT_EQ(fake.Snapshot(), "");
}

}  // namespace
}  // namespace tests::google_certificate_manager
