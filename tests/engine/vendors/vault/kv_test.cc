// SPDX-License-Identifier: MPL-2.0
// The vault_kv destination against a strict fake.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/vault/fake_api.h"
#include "tests/support/fake_random.h"
#include "tests/support/settings.h"
#include "tests/support/test_destination.h"

namespace tests::vault_kv {
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

Connection Connect(const std::string& url = FakeVault::kUrl) {
  Connection connection{.kind = "vault", .id = "c", .settings = ConnectionSettings("vault", {{"server_url", url}})};
  Put(connection.settings, "token", base::Secret(FakeVault::kToken));
  return connection;
}

const engine::sync::DestinationSpec& Spec() { return *engine::vendors::FindDestination("vault_kv"); }

std::unique_ptr<Destination> Make(FakeVault& vault, Settings settings = {}, const Connection& connection = Connect(),
                                  const std::string& sync_id = kSyncId) {
  settings.try_emplace("path", "certs");
  return MakeTestDestination("vault_kv", {.settings = DestinationSettings("vault_kv", settings),
                                          .connection = &connection,
                                          .deps = {.http = &vault},
                                          .sync_id = sync_id});
}

// Of others: another certificate in the place of ours.
void Overwrite(FakeVault& vault, const std::string& path, const std::string& field, const std::string& value) {
  FakeVault::Item item = vault.Get(path);
  ++item.version;
  item.data[field] = value;
  vault.Place(path, item);
}

class VaultHarness final : public ApiDestinationHarness {
 public:
  Destination& destination() override {
    destination_ = Make(vault_);
    return *destination_;
  }
  std::string Snapshot() override { return vault_.Snapshot(); }
  void ReplaceCertificate(const Deployed& deployed) override {
    Overwrite(vault_, "certs/" + deployed.name, "certificate", MakeTestBundle(kId).chain.front().pem);
  }
  void TakeAway(const Deployed& deployed) override { vault_.Erase("certs/" + deployed.name); }
  void DamageBesideLeaf(const Deployed& deployed) override {
    Overwrite(vault_, "certs/" + deployed.name, "private_key", "damaged");
  }
  void PlaceForeign(const std::string& name) override {
    foreign_ = "certs/" + name;
    vault_.Place(foreign_, {.version = 3, .data = {{"password", "foreign"}}});
  }
  bool ForeignIsIntact() override { return vault_.Get(foreign_).data == Json{{"password", "foreign"}}; }
  void BreakNextPut(const std::string&) override {
    vault_.FailNext({JsonAnswer(403, {{"errors", {"1 error occurred:\n\t* permission denied\n\n"}}})});
  }
  void Mend() override { vault_.FailNext({}); }
  FakeApi& api() override { return vault_; }

 private:
  FakeVault vault_;
  std::unique_ptr<Destination> destination_;
  std::string foreign_;
};

INSTANTIATE_TEST_SUITE_P(VaultKv, DestinationContract, testing::Values(MakeHarness<VaultHarness>));
INSTANTIATE_TEST_SUITE_P(VaultKv, ApiDestinationContract, testing::Values(MakeHarness<VaultHarness>));

class VaultKv : public DestinationTest {
 protected:
  base::Result<void> TryPut(Destination& destination, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::TryPut(destination, "web", bundle_, previous);
  }
  Deployed Put(Destination& destination, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::Put(destination, "web", bundle_, previous);
  }

  FakeVault vault_;
  Bundle bundle_ = MakeTestBundle(kId);
};

TEST_F(VaultKv, WritesThePartsAndTheMarks) {
  const Deployed now = Put(*Make(vault_));

  const FakeVault::Item item = vault_.Get("certs/web");
  const Json wanted = {{"certificate", bundle_.chain[0].pem},
                       {"certificate_chain", bundle_.chain[1].pem},
                       {"private_key", bundle_.private_key_pem.Reveal()}};
  // The test's issuer is a root: it goes to the root's field.
  Json moved = wanted;
  moved["ca_certificate"] = moved["certificate_chain"];
  moved.erase("certificate_chain");
  EXPECT_EQ(item.data, bundle_.chain[1].is_self_issued ? moved : wanted);
  EXPECT_EQ(item.marks, (Json{{"certwright:sync-id", kSyncId}, {"certwright:certificate-id", kId}}));
  EXPECT_EQ(now.external_id, "secret/certs/web");
  EXPECT_EQ(now.version, "1");
}

TEST_F(VaultKv, NamesTheFieldsAsWished) {
  Put(*Make(vault_, {{"field_names.certificate", "tls.crt"}, {"field_names.private_key", "tls.key"}}));

  const Json data = vault_.Get("certs/web").data;
  EXPECT_EQ(data.value("tls.crt", ""), bundle_.chain[0].pem);
  EXPECT_EQ(data.value("tls.key", ""), bundle_.private_key_pem.Reveal());
}

TEST_F(VaultKv, WritesAnewWhenAFieldIsRenamed) {
  const Deployed before = Put(*Make(vault_));
  const auto renamed = Make(vault_, {{"field_names.certificate", "crt"}});

  const auto seen = renamed->Observe(clock_.Call(), before);
  ASSERT_TRUE(seen.ok() && *seen);
  EXPECT_NE((*seen)->parts, before.parts);
  Put(*renamed, before);

  EXPECT_FALSE(vault_.Get("certs/web").data.contains("certificate"));
}

TEST_F(VaultKv, LeavesNoPrivateKeyUnderAFormerNameWhenAllAreRenamed) {
  const Deployed before = Put(*Make(vault_));
  const auto renamed = Make(vault_, {{"field_names.certificate", "crt"},
                                     {"field_names.private_key", "key"},
                                     {"field_names.certificate_chain", "chain"},
                                     {"field_names.ca_certificate", "ca"}});

  const auto seen = renamed->Observe(clock_.Call(), before);
  ASSERT_TRUE(seen.ok() && *seen) << "another name is a difference, not a loss";
  Put(*renamed, before);

  const Json data = vault_.Get("certs/web").data;
  EXPECT_TRUE(data.contains("key"));
  EXPECT_FALSE(data.contains("private_key"));
}

// The private key of the former sync would stay under its name for good: nobody would know it for a certificate's.
TEST_F(VaultKv, ATakeoverReplacesTheFieldsThatTheFormerSyncCalledOtherwise) {
  const Settings renamed = {{"field_names.certificate", "crt"}, {"field_names.private_key", "key"}};
  for (const auto& [former, next] : {std::pair(Settings(), renamed), std::pair(renamed, Settings()),
                                     std::pair(renamed, Settings{{"field_names.private_key", "tls.key"}})}) {
    vault_.Erase("certs/web");
    Put(*Make(vault_, former));
    Overwrite(vault_, "certs/web", "owner", "team-web");
    const ActingSync other("0eae", engine::sync::Kinship::kSameState);

    const Deployed now = Put(*Make(vault_, next));

    const Json data = vault_.Get("certs/web").data;
    EXPECT_EQ(data.at("owner"), "team-web");
    EXPECT_EQ(std::count_if(data.begin(), data.end(),
                            [](const Json& value) { return value.get<std::string>().find("PRIVATE KEY") != std::string::npos; }),
              1)
        << data;
    EXPECT_EQ(vault_.Get("certs/web").marks.value("certwright:sync-id", ""), "0eae");
    ASSERT_TRUE(Make(vault_, next)->Remove(clock_.Call(), now));
    EXPECT_EQ(vault_.Get("certs/web").data, (Json{{"owner", "team-web"}}));
    EXPECT_EQ(vault_.Get("certs/web").marks, Json::object());
  }
}

TEST_F(VaultKv, ARemovalLeavesAVersionThatCameMeanwhile) {
  const Deployed now = Put(*Make(vault_));
  FakeVault::Item item = vault_.Get("certs/web");
  item.data["owner"] = "team-web";
  vault_.Place("certs/web", item);
  vault_.AddVersionAfterNextWrite({{"owner", "theirs"}});

  ASSERT_TRUE(Make(vault_)->Remove(clock_.Call(), now));

  EXPECT_EQ(vault_.Get("certs/web").data, (Json{{"owner", "theirs"}}));
}

TEST_F(VaultKv, KeepsTheFieldsOfOthers) {
  const Deployed first = Put(*Make(vault_));
  Overwrite(vault_, "certs/web", "owner", "team-web");

  const auto seen = Make(vault_)->Observe(clock_.Call(), first);
  EXPECT_EQ((*seen)->parts, first.parts) << "what others add is no difference";
  bundle_ = MakeTestBundle(kId);
  const Deployed renewed = Put(*Make(vault_), first);
  EXPECT_EQ(vault_.Get("certs/web").data.at("owner"), "team-web");
  EXPECT_EQ(vault_.Get("certs/web").data.at("certificate"), bundle_.chain[0].pem);

  ASSERT_TRUE(Make(vault_)->Remove(clock_.Call(), renewed));

  const FakeVault::Item left = vault_.Get("certs/web");
  EXPECT_EQ(left.data, (Json{{"owner", "team-web"}}));
  EXPECT_EQ(left.marks, Json::object());
  for (const auto& [version, content] : left.former) EXPECT_TRUE(content.is_null()) << "a private key in version " << version;
}

TEST_F(VaultKv, ARemovalThatWasCutOffIsFinishedByTheNext) {
  const Deployed now = Put(*Make(vault_));
  FakeVault::Item item = vault_.Get("certs/web");
  item.former[1] = item.data;
  item.version = 2;
  item.data = {{"owner", "team-web"}};
  vault_.Place("certs/web", item);

  ASSERT_TRUE(Make(vault_)->Remove(clock_.Call(), now));

  const FakeVault::Item left = vault_.Get("certs/web");
  EXPECT_EQ(left.data, (Json{{"owner", "team-web"}}));
  EXPECT_EQ(left.marks, Json::object());
  EXPECT_TRUE(left.former.at(1).is_null());
}

TEST_F(VaultKv, KeepsTheMarksOfOthers) {
  Deployed before = Put(*Make(vault_));
  FakeVault::Item item = vault_.Get("certs/web");
  item.marks = {{"team", "web"}};
  vault_.Place("certs/web", item);

  const Deployed now = Put(*Make(vault_), before);

  EXPECT_EQ(now.version, "1");
  EXPECT_EQ(vault_.Get("certs/web").marks,
            (Json{{"team", "web"}, {"certwright:sync-id", kSyncId}, {"certwright:certificate-id", kId}}));
}

TEST_F(VaultKv, SeesThatTheMarkIsGone) {
  const auto destination = Make(vault_);
  const Deployed before = Put(*destination);
  FakeVault::Item item = vault_.Get("certs/web");
  item.marks = Json();
  vault_.Place("certs/web", item);

  const auto seen = destination->Observe(clock_.Call(), before);

  ASSERT_TRUE(seen.ok() && *seen);
  EXPECT_NE((*seen)->parts, before.parts);
}

TEST_F(VaultKv, LeavesTheSecretOfAnotherSyncAlone) {
  const Deployed theirs = Put(*Make(vault_, {}, Connect(), "other"));
  bundle_ = MakeTestBundle(kId);
  const std::string before = vault_.Snapshot();
  const auto destination = Make(vault_);

  const auto put = TryPut(*destination, theirs);
  ASSERT_TRUE(destination->Remove(clock_.Call(), theirs).ok());

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_THAT(put.error().message,
              HasSubstr("secret/certs/web exists and was not written by this sync. It belongs to another sync (id other)"));
  EXPECT_EQ(vault_.Snapshot(), before);
}

// Its sync was removed from the configuration before the next run.
TEST_F(VaultKv, TakesOverWhatAKilledRunWrote) {
  Put(*Make(vault_, {}, Connect(), "killed"));

  const Deployed now = Put(*Make(vault_));

  EXPECT_EQ(now.version, "1");
  EXPECT_EQ(vault_.Get("certs/web").marks.value("certwright:sync-id", ""), kSyncId);
}

// The content is written before the marks: without this, nothing would make the next run write them.
TEST_F(VaultKv, AWriteWithoutItsMarksIsUnfinishedAndCompletedByTheNextRun) {
  const Deployed before = Put(*Make(vault_));
  FakeVault::Item item = vault_.Get("certs/web");
  item.marks = Json();
  vault_.Place("certs/web", item);
  vault_.FailNext({JsonAnswer(403, {{"errors", {"permission denied"}}})});

  const auto failed = TryPut(*Make(vault_), before);

  ASSERT_FALSE(failed);
  ASSERT_TRUE(now_);
  EXPECT_TRUE(now_->unfinished);
  const Deployed completed = Put(*Make(vault_), now_);
  EXPECT_FALSE(completed.unfinished);
  EXPECT_EQ(completed.version, "1");
  EXPECT_EQ(vault_.Get("certs/web").marks, (Json{{"certwright:sync-id", kSyncId}, {"certwright:certificate-id", kId}}));
}

// Killed between content and marks: the state knows nothing of the secret.
TEST_F(VaultKv, ContentThatAKilledRunLeftWithoutMarksGetsThem) {
  Put(*Make(vault_, {}, Connect(), "killed"));
  FakeVault::Item item = vault_.Get("certs/web");
  item.marks = Json();
  vault_.Place("certs/web", item);

  const Deployed now = Put(*Make(vault_));

  EXPECT_EQ(now.version, "1");
  EXPECT_FALSE(now.unfinished);
  EXPECT_EQ(vault_.Get("certs/web").marks.value("certwright:sync-id", ""), kSyncId);
}

TEST_F(VaultKv, AWriteWhoseAnswerWasLostIsNotMadeTwice) {
  vault_.LoseNextAnswer();

  const Deployed now = Put(*Make(vault_));

  EXPECT_EQ(now.version, "1");
  EXPECT_EQ(vault_.Get("certs/web").version, 1);
}

// It would keep the private key under another path.
TEST_F(VaultKv, WritesNothingToAnEngineOfVersion1) {
  const auto put = TryPut(*Make(vault_, {{"mount", "v1"}}));

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kInvalid);
  EXPECT_THAT(put.error().message, HasSubstr("v1 is not a key/value engine of version 2"));
  EXPECT_EQ(put.error().blame, engine::sync::DestinationField("mount"));
}

TEST_F(VaultKv, WritesOnlyOverTheVersionThatWasSeen) {
  const auto destination = Make(vault_);
  const Deployed before = Put(*destination);
  bundle_ = MakeTestBundle(kId);
  vault_.FailNext({JsonAnswer(400, {{"errors", {"check-and-set parameter did not match the current version"}}})});

  const auto put = TryPut(*destination, before);

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(now_->version, "1");
}

TEST_F(VaultKv, ADeletedVersionIsGoneAndIsFollowedByTheNext) {
  const auto destination = Make(vault_);
  const Deployed before = Put(*destination);
  FakeVault::Item item = vault_.Get("certs/web");
  item.deleted = true;
  vault_.Place("certs/web", item);

  const auto seen = destination->Observe(clock_.Call(), before);
  const Deployed now = Put(*destination);

  ASSERT_TRUE(seen.ok());
  EXPECT_FALSE(seen->has_value());
  EXPECT_EQ(now.version, "2");
}

TEST_F(VaultKv, SaysThatTheMountIsMissingOrOfVersionOne) {
  Deployed known{.name = "web", .external_id = {}, .fingerprint_sha256 = {}, .certificate_id = kId};

  const auto missing = Make(vault_, {{"mount", "nowhere"}})->Observe(clock_.Call(), known);
  const auto old = Make(vault_, {{"mount", "old"}})->Observe(clock_.Call(), known);

  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("no handler for route"));
  ASSERT_FALSE(old.ok());
  EXPECT_THAT(old.error().message, HasSubstr("is old a key/value engine of version 2?"));
}

TEST_F(VaultKv, ARefusedTokenBlamesTheToken) {
  Connection connection = Connect();
  tests::Put(connection.settings, "token", base::Secret("wrong"));

  const auto put = TryPut(*Make(vault_, {}, connection));

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(put.error().blame.attribute, "token");
}

// `terraform import` of what a lost state had made, and then a renewal.
TEST_F(VaultKv, TakesOverWhatAnImportNames) {
  Put(*Make(vault_, {}, Connect(), "former"));
  bundle_ = MakeTestBundle(kId);
  const auto destination = Make(vault_);

  const auto adopted = destination->Adopt(clock_.Call(), "secret/certs/web", engine::sync::Adoption::kMarked);
  ASSERT_TRUE(adopted) << adopted.error().message;
  const Deployed now = Put(*destination, *adopted);

  EXPECT_EQ(adopted->certificate_id, kId);
  EXPECT_EQ(now.external_id, "secret/certs/web");
  ASSERT_TRUE(destination->Remove(clock_.Call(), now).ok());
  EXPECT_EQ(vault_.Snapshot(), "");
}

TEST_F(VaultKv, TakesOverNothingThatHasNoMarkUnlessItIsToldTo) {
  vault_.Place("certs/web", {.version = 3, .data = {{"certificate", bundle_.chain.front().pem}}});
  const auto destination = Make(vault_);

  const auto marked = destination->Adopt(clock_.Call(), "secret/certs/web", engine::sync::Adoption::kMarked);
  const auto outside = destination->Adopt(clock_.Call(), "secret/other/web", engine::sync::Adoption::kAny);
  const auto any = destination->Adopt(clock_.Call(), "secret/certs/web", engine::sync::Adoption::kAny);

  ASSERT_FALSE(marked);
  EXPECT_EQ(marked.error().kind, ErrorKind::kConflict);
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().kind, ErrorKind::kInvalid);
  ASSERT_TRUE(any) << any.error().message;
  Put(*destination, *any);
}

TEST(VaultKvValidate, SaysWhatIsWrongWithEachSetting) {
  const std::pair<const char*, const char*> bad[] = {{"mount", "/secret"},
                                                     {"path", "a//b"},
                                                     {"path", "a/../b"},
                                                     {"field_names.certificate", ""},
                                                     {"field_names.private_key", "certificate"}};
  for (const auto& [field, value] : bad) {
    const auto problems = Spec().validate(DestinationSettings("vault_kv", {{field, value}}));
    ASSERT_EQ(problems.size(), 1U) << field << '=' << value;
    EXPECT_EQ(problems.front().field, field);
  }
  EXPECT_TRUE(Spec().validate(DestinationSettings("vault_kv", {{"mount", "team/kv"}, {"path", "a/b"}})).empty());
  EXPECT_EQ(Spec().check_name("a/web-1"), "");
  EXPECT_NE(Spec().check_name("a//web-1"), "");
}

}  // namespace
}  // namespace tests::vault_kv
