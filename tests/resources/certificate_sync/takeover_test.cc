// SPDX-License-Identifier: MPL-2.0
// Two syncs meet at one object: renamed, split, replaced, in one state or in two. Each sync is what one address of a state has.
#include <gtest/gtest.h>

#include <optional>

#include "resources/certificate_sync/claims.h"
#include "resources/certificate_sync/create_entry.h"
#include "resources/certificate_sync/place.h"
#include "resources/shared_notes.h"
#include "tests/resources/certificate_sync/vault_sync.h"

namespace resources::certificate_sync {
namespace {

using schema::cty::Value;

class Takeover : public VaultSync {
 protected:
  Takeover() { (void)other_lab_.parts.random.Bytes(16); }  // other IDs than in the first

  static std::string IdOf(const tests::FakeCore& core) { return core.state().Get("id").AsString(); }

  // The plan of an address that is no longer in the configuration.
  void PlanDestroy(const tests::FakeCore& core, const Lab& lab) const {
    resource_->NoteSaved(lab.parts.context, core.state());
    resource_->NotePlanned(lab.parts.context, core.state(), Value::Null(core.state().type()));
  }

  Lab other_lab_{vault_};
  tests::FakeCore old_{*resource_, lab_.parts.context, lab_.parts.clock};
  tests::FakeCore new_{*resource_, lab_.parts.context, lab_.parts.clock};
  tests::FakeCore elsewhere_{*resource_, other_lab_.parts.context, other_lab_.parts.clock};
};

TEST_F(Takeover, ARenamedSyncTakesItsObjectsOverBeforeTheOldOneGoes) {
  ASSERT_FALSE(old_.Apply(Config(old_, {{"web", handle_}})).has_failed());
  lab_.Restart();
  PlanDestroy(old_, lab_);

  const auto created = new_.Apply(Config(new_, {{"web", handle_}}));
  const auto destroyed = old_.Destroy();

  EXPECT_FALSE(created.has_failed()) << created.ToText();
  EXPECT_FALSE(destroyed.has_failed()) << destroyed.ToText();
  EXPECT_EQ(There().version, 1) << "nothing was written but the mark";
  EXPECT_EQ(OwnerOf(), IdOf(new_));
}

TEST_F(Takeover, ARemovalWaitsForTheSyncThatIsToTakeOver) {
  ASSERT_FALSE(old_.Apply(Config(old_, {{"web", handle_}})).has_failed());
  lab_.Restart();
  PlanDestroy(old_, lab_);
  ASSERT_FALSE(new_.Plan(Config(new_, {{"web", handle_}})).has_failed());
  lab_.Restart();

  // Terraform destroys first, one at a time.
  const auto early = old_.Destroy();

  EXPECT_TRUE(early.has_failed());
  EXPECT_NE(early.ToText().find("nother sync of this configuration is to take over"), std::string::npos) << early.ToText();
  EXPECT_EQ(OwnerOf(), IdOf(old_));
  ASSERT_FALSE(new_.Apply(Config(new_, {{"web", handle_}})).has_failed());
  EXPECT_FALSE(old_.Destroy().has_failed());
  EXPECT_EQ(OwnerOf(), IdOf(new_));
}

TEST_F(Takeover, AClaimThatComesToNothingHoldsUpOneRemovalOnly) {
  ASSERT_FALSE(old_.Apply(Config(old_, {{"web", handle_}})).has_failed());
  ASSERT_FALSE(new_.Plan(Config(new_, {{"web", handle_}})).has_failed());
  PlanDestroy(old_, lab_);
  ASSERT_TRUE(old_.Destroy().has_failed());
  lab_.Restart();

  EXPECT_FALSE(old_.Destroy().has_failed());
  EXPECT_EQ(There().version, 0);
}

TEST_F(Takeover, APushOfAThirdSyncLeavesTheClaimOfOneThatIsBeingCreated) {
  ASSERT_FALSE(old_.Apply(Config(old_, {{"web", handle_}})).has_failed());
  lab_.Restart();
  PlanDestroy(old_, lab_);
  const SyncModel planned = SyncModel::Schema().Read(new_.Plan(Config(new_, {{"web", handle_}})).planned);
  lab_.Restart();

  const Claim third{.place = PlaceDigest(lab_.parts.context, planned), .certificate_id = kId, .sync_id = "another"};
  NotePush(lab_.parts.context, third, PushResult::kPushed);

  EXPECT_TRUE(old_.Destroy().has_failed());
  EXPECT_EQ(OwnerOf(), IdOf(old_));
}

TEST_F(Takeover, AfterARefusedPushNothingOfItIsRemoved) {
  ASSERT_FALSE(old_.Apply(Config(old_, {{"web", handle_}})).has_failed());
  lab_.Restart();
  PlanDestroy(old_, lab_);
  const tests::FakeCore& seen = new_;
  vault_->FailNext({tests::JsonAnswer(403, {{"errors", {"permission denied"}}})});

  ASSERT_TRUE(new_.Apply(Config(seen, {{"web", handle_}})).has_failed());
  vault_->FailNext({});
  const auto destroyed = old_.Destroy();

  EXPECT_TRUE(destroyed.has_failed());
  EXPECT_EQ(There().version, 1);
  lab_.Restart();
  ASSERT_FALSE(new_.Apply(Config(new_, {{"web", handle_}})).has_failed());
  EXPECT_FALSE(old_.Destroy().has_failed());
  EXPECT_EQ(OwnerOf(), IdOf(new_));
}

TEST_F(Takeover, ACertificateMovesFromOneSyncToAnother) {
  const std::string second = NewHandle(kOtherId);
  ASSERT_FALSE(old_.Apply(Config(old_, {{"web", handle_}, {"mail", second}})).has_failed());
  ASSERT_FALSE(new_.Apply(Config(new_, {})).has_failed());
  lab_.Restart();
  ASSERT_FALSE(new_.Plan(Config(new_, {{"mail", second}})).has_failed());
  ASSERT_FALSE(old_.Plan(Config(old_, {{"web", handle_}})).has_failed());

  const auto gains = new_.Apply(Config(new_, {{"mail", second}}));
  const auto loses = old_.Apply(Config(old_, {{"web", handle_}}));

  EXPECT_FALSE(gains.has_failed()) << gains.ToText();
  EXPECT_FALSE(loses.has_failed()) << loses.ToText();
  EXPECT_EQ(OwnerOf(kOtherId), IdOf(new_));
  EXPECT_EQ(OwnerOf(), IdOf(old_));
}

TEST_F(Takeover, TwoSyncsThatBothKeepAnObjectDoNotFight) {
  ASSERT_FALSE(old_.Apply(Config(old_, {{"web", handle_}})).has_failed());
  lab_.Restart();
  ASSERT_FALSE(old_.Plan(Config(old_, {{"web", handle_}})).has_failed());
  ASSERT_FALSE(new_.Apply(Config(new_, {{"web", handle_}})).has_failed());
  lab_.Restart();
  ASSERT_FALSE(new_.Plan(Config(new_, {{"web", handle_}})).has_failed());

  const auto fight = old_.Apply(Config(old_, {{"web", handle_}}));

  EXPECT_TRUE(fight.has_failed());
  EXPECT_NE(fight.ToText().find("Another sync of this state (id " + IdOf(new_)), std::string::npos) << fight.ToText();
  EXPECT_EQ(OwnerOf(), IdOf(new_));
}

// A second team that shares the handle.
TEST_F(Takeover, AnotherStateNeitherOverwritesNorRemoves) {
  ASSERT_FALSE(old_.Apply(Config(old_, {{"web", handle_}})).has_failed());

  const auto refused = elsewhere_.Apply(Config(elsewhere_, {{"web", handle_}}));

  EXPECT_TRUE(refused.has_failed());
  EXPECT_NE(refused.ToText().find("nother sync (id " + IdOf(old_)), std::string::npos) << refused.ToText();
  EXPECT_EQ(OwnerOf(), IdOf(old_));
  EXPECT_EQ(There().version, 1);
}

TEST_F(Takeover, AKilledCreateGoesOnUnderItsId) {
  SyncModel planned = SyncModel::Schema().Read(new_.Plan(Config(new_, {{"web", handle_}})).planned);
  const std::string killed = CreateEntry::Open(lab_.parts.clock.Call(), lab_.parts.context, planned).sync_id();
  vault_->Place("certs/" + kId, {.version = 1,
                                 .data = {{"private_key", "half"}},
                                 .marks = {{"certwright:sync-id", killed}, {"certwright:certificate-id", kId}}});
  lab_.Restart();

  const auto created = new_.Apply(Config(new_, {{"web", handle_}}));

  EXPECT_FALSE(created.has_failed()) << created.ToText();
  EXPECT_EQ(IdOf(new_), killed);
  EXPECT_EQ(There().version, 2);
  EXPECT_FALSE(new_.Destroy().has_failed());
  EXPECT_EQ(There().version, 0);
}

TEST_F(Takeover, WhatAKilledCreateOfARemovedSyncLeftMayBeTakenOver) {
  SyncModel planned = SyncModel::Schema().Read(new_.Plan(Config(new_, {{"web", handle_}})).planned);
  ASSERT_FALSE(old_.Apply(Config(old_, {{"web", handle_}})).has_failed());
  const std::string killed = CreateEntry::Open(lab_.parts.clock.Call(), lab_.parts.context, planned).sync_id();
  FakeVault::Item taken = There();
  taken.marks["certwright:sync-id"] = killed;
  vault_->Place("certs/" + kId, taken);
  lab_.Restart();

  const auto repaired = old_.Apply(Config(old_, {{"web", handle_}}));

  EXPECT_FALSE(repaired.has_failed()) << repaired.ToText();
  EXPECT_EQ(OwnerOf(), IdOf(old_));
}

TEST_F(Takeover, AnEntryGoesOnceTheStateIsSaved) {
  ASSERT_FALSE(new_.Apply(Config(new_, {{"web", handle_}})).has_failed());
  const std::string id = IdOf(new_);
  lab_.Restart();
  EXPECT_EQ(KinshipOfCreate(lab_.parts.context, id), engine::sync::Kinship::kUnsaved);

  ASSERT_FALSE(new_.Refresh().has_failed());

  EXPECT_EQ(KinshipOfCreate(lab_.parts.context, id), engine::sync::Kinship::kStranger);
}

TEST_F(Takeover, APlaceIsItsDestinationAndConnection) {
  const Context& context = lab_.parts.context;
  const SyncModel one = SyncModel::Schema().Read(Config(old_, {}));
  SyncModel renamed = one;
  renamed.name = "other";
  SyncModel unknown = one;
  unknown.app_connection.SetUnknown();

  EXPECT_EQ(PlaceDigest(context, one).size(), 16U);
  EXPECT_EQ(PlaceDigest(context, renamed), PlaceDigest(context, one));
  EXPECT_EQ(PlaceDigest(context, unknown), "");
}

}  // namespace
}  // namespace resources::certificate_sync
