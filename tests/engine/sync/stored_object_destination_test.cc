// SPDX-License-Identifier: MPL-2.0
// The driver over a store in memory. What each vendor's store does is in tests/contract and in the vendors' own tests.
#include "engine/sync/stored_object_destination.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "base/text.h"
#include "tests/support/test_destination.h"

namespace engine::sync {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;
using base::Result;

const Error kLost{ErrorKind::kTimeout, "the answer was lost"};

// What is at the vendor, how its store behaves, and what it was asked. Outlives the destination.
struct World {
  StoreTraits traits{.unmarked = UnmarkedRule::kInState, .tags_part = "tags", .certificate_mark = "the tag"};
  std::map<std::string, StoredObject> objects{};
  std::vector<std::string> calls{};
  int lost_before = 0;  // how many writes fail before they are carried out
  int lost_after = 0;   // and how many afterwards
  bool completes = true;
  std::stop_source stop{};
  bool is_stopped_by_write = false;
};

class FakeStore final : public ObjectStore {
 public:
  explicit FakeStore(World& world) : world_(world) {}

  const StoreTraits& traits() const override { return world_.traits; }
  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    return object.leaf_sha256 == write.bundle->chain.front().fingerprint_sha256 ? Match::kSameContent : Match::kDifferent;
  }
  Parts PartsOf(const StoredObject&, const Deployed&) const override { return {{"content", "as written"}}; }
  std::string ConflictMessage(const ObjectWrite& write, const StoredObject&) const override { return write.name + " is taken"; }

  Result<std::optional<StoredObject>> Find(const Call&, const std::string& address) override {
    world_.calls.push_back("find");
    const auto found = world_.objects.find(address);
    const bool is_visible = found != world_.objects.end() && found->second.presence != Presence::kDeleted;
    return is_visible ? std::optional(found->second) : std::nullopt;
  }
  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override {
    if (!world_.objects.contains(write.address)) return Write(call, "create", write);
    world_.calls.push_back("refuse");
    return Error{ErrorKind::kConflict, "the name is taken"};
  }
  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject&) override {
    return Write(call, "replace", write);
  }
  Result<std::optional<StoredObject>> FindBlocker(const Call&, const ObjectWrite& write, const Error& error) override {
    return error.kind == ErrorKind::kConflict ? std::optional(world_.objects.at(write.address)) : std::nullopt;
  }
  Result<void> Restore(const Call&, const ObjectWrite&, const StoredObject& object) override {
    world_.calls.push_back("restore");
    world_.objects.at(object.id).presence = Presence::kPresent;
    return {};
  }
  Result<void> Complete(const Call&, const ObjectWrite&, StoredObject&) override {
    return world_.completes ? Result<void>() : Error{ErrorKind::kDenied, "no reference for you"};
  }
  Result<ObjectList> List(const Call&) override {
    world_.calls.push_back("list");
    return ObjectList();
  }
  Result<void> Remove(const Call&, const StoredObject& object, const Deployed&) override {
    world_.objects.erase(object.id);
    return {};
  }

 private:
  Result<StoredObject> Write(const Call&, const std::string& name, const ObjectWrite& write) {
    world_.calls.push_back(name);
    if (world_.is_stopped_by_write) world_.stop.request_stop();
    if (world_.lost_before-- > 0) return kLost;
    const StoredObject object{
        .id = write.address, .tags = write.tags, .leaf_sha256 = write.bundle->chain.front().fingerprint_sha256};
    world_.objects.insert_or_assign(write.address, object);
    if (world_.lost_after-- > 0) return kLost;
    return object;
  }

  World& world_;
};

class StoredObjectDestinationTest : public tests::DestinationTest {
 protected:
  using Calls = std::vector<std::string>;

  std::unique_ptr<Destination> Make() {
    return MakeStoredObjectDestination(std::make_unique<FakeStore>(world_),
                                       {.sync_id = "5c0e", .find_kinship = [](std::string_view sync_id) {
                                          return sync_id == "killed" ? Kinship::kUnsaved : Kinship::kStranger;
                                        }});
  }
  Tags TagsOfSync(const std::string& sync_id) {
    return {{std::string(kSyncTag), sync_id}, {std::string(kCertificateTag), kCertificateId}};
  }

  World world_;
  Bundle bundle_ = tests::MakeTestBundle(kCertificateId);
};

TEST_F(StoredObjectDestinationTest, FindsAWriteWhoseAnswerWasLost) {
  world_.lost_after = 1;

  Put(*Make(), "web", bundle_);

  EXPECT_EQ(world_.calls, (Calls{"find", "create", "find"}));
}

TEST_F(StoredObjectDestinationTest, RepeatsOnceWhatWasLostOnTheWayWhereThatAddsAVersion) {
  world_.traits.after_create = LostAnswer::kLookAndRepeat;
  world_.lost_before = 2;

  const auto put = TryPut(*Make(), "web", bundle_);

  EXPECT_FALSE(put);
  EXPECT_FALSE(now_);
  EXPECT_EQ(world_.calls, (Calls{"find", "create", "find", "create", "find"}));
}

TEST_F(StoredObjectDestinationTest, DoesNotRepeatOtherwise) {
  world_.lost_before = 1;

  EXPECT_FALSE(TryPut(*Make(), "web", bundle_));

  EXPECT_EQ(world_.calls, (Calls{"find", "create", "find"}));
}

TEST_F(StoredObjectDestinationTest, FindsAReplacementWhoseAnswerWasLost) {
  const Deployed first = Put(*Make(), "web", bundle_);
  const Bundle renewed = tests::MakeTestBundle(kCertificateId);
  world_.calls.clear();
  world_.lost_after = 1;

  const Deployed second = Put(*Make(), "web", renewed, first);

  EXPECT_EQ(second.fingerprint_sha256, renewed.chain.front().fingerprint_sha256);
  EXPECT_EQ(world_.calls, (Calls{"find", "replace", "find"}));
}

TEST_F(StoredObjectDestinationTest, DoesNotLookWhereARepeatedRequestIsTheSameWrite) {
  world_.traits.after_create = LostAnswer::kIgnore;
  world_.lost_after = 1;

  EXPECT_FALSE(TryPut(*Make(), "web", bundle_));

  EXPECT_EQ(world_.calls, (Calls{"find", "create"}));
}

// Nobody else would know of what it wrote.
TEST_F(StoredObjectDestinationTest, LooksAfterAStopRequestToo) {
  world_.lost_after = 1;
  world_.is_stopped_by_write = true;
  base::Call call = DestinationTest::Call();
  call.stop = world_.stop.get_token();
  std::optional<Deployed> now;

  const auto put = Make()->Put(call, "web", bundle_, std::nullopt, now);

  EXPECT_TRUE(put);
  EXPECT_EQ(world_.calls, (Calls{"find", "create", "find"}));
}

TEST_F(StoredObjectDestinationTest, TakesOverWhatAKilledRunLeftAndNothingOfAnother) {
  const std::string& leaf = bundle_.chain.front().fingerprint_sha256;
  world_.objects["web"] = {.id = "web", .tags = TagsOfSync("killed"), .leaf_sha256 = "former"};
  world_.objects["same"] = {.id = "same", .tags = TagsOfSync("killed"), .leaf_sha256 = leaf};
  world_.objects["theirs"] = {.id = "theirs", .tags = TagsOfSync("07e5"), .leaf_sha256 = leaf};
  for (const UnmarkedRule rule : {UnmarkedRule::kUnchangedOrSame, UnmarkedRule::kInState}) {
    world_.traits.unmarked = rule;

    EXPECT_TRUE(TryPut(*Make(), "web", bundle_));
    EXPECT_TRUE(TryPut(*Make(), "same", bundle_));
    EXPECT_FALSE(TryPut(*Make(), "theirs", bundle_)) << "identical content does not override another owner's mark";
  }

  EXPECT_EQ(world_.objects.at("web").tags, TagsOfSync("5c0e"));
  EXPECT_EQ(world_.objects.at("same").tags, TagsOfSync("5c0e"));
  EXPECT_EQ(world_.objects.at("theirs").tags, TagsOfSync("07e5"));
}

TEST_F(StoredObjectDestinationTest, LeavesAForeignObjectAlone) {
  world_.objects["web"] = {.id = "web", .tags = TagsOfSync("07e5"), .leaf_sha256 = "theirs"};

  const auto put = TryPut(*Make(), "web", bundle_);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(put.error().message.starts_with("web is taken. It belongs to another sync (id 07e5)")) << put.error().message;
  EXPECT_EQ(world_.objects.at("web").leaf_sha256, "theirs");
}

TEST_F(StoredObjectDestinationTest, RestoresADeletedObjectOfTheSameCertificate) {
  world_.objects["web"] = {.id = "web", .presence = Presence::kDeleted, .tags = TagsOfSync("07e5")};

  Put(*Make(), "web", bundle_);

  EXPECT_EQ(world_.calls, (Calls{"find", "refuse", "find", "restore", "replace"}));
}

// The state and the object agree about what was written, so that nothing else would make the next run complete it.
TEST_F(StoredObjectDestinationTest, AWriteThatWasNotCompletedIsUnfinished) {
  world_.completes = false;

  EXPECT_FALSE(TryPut(*Make(), "web", bundle_));

  ASSERT_TRUE(now_);
  EXPECT_EQ(now_->external_id, "web");
  EXPECT_TRUE(now_->unfinished);
  world_.completes = true;
  EXPECT_FALSE(Put(*Make(), "web", bundle_, now_).unfinished);
}

TEST_F(StoredObjectDestinationTest, RemovesOnlyWhatItWroteLast) {
  const auto destination = Make();
  const Deployed ours = Put(*destination, "web", bundle_);
  const Deployed outdated = Put(*destination, "other", bundle_);
  world_.objects.at("other").leaf_sha256 = "theirs";

  EXPECT_TRUE(destination->Remove(DestinationTest::Call(), ours));
  EXPECT_TRUE(destination->Remove(DestinationTest::Call(), outdated));

  EXPECT_FALSE(world_.objects.contains("web"));
  EXPECT_TRUE(world_.objects.contains("other"));
}

TEST_F(StoredObjectDestinationTest, ListsOnceForManyCertificatesAndAgainAfterAWrite) {
  const auto destination = Make();
  const Deployed first = Put(*destination, "a", bundle_);
  const Deployed second = Put(*destination, "b", bundle_);
  world_.calls.clear();

  EXPECT_TRUE(destination->Observe(DestinationTest::Call(), first));
  EXPECT_TRUE(destination->Observe(DestinationTest::Call(), second));
  Put(*destination, "b", tests::MakeTestBundle(kCertificateId), second);
  EXPECT_TRUE(destination->Observe(DestinationTest::Call(), first));

  EXPECT_EQ(std::count(world_.calls.begin(), world_.calls.end(), "list"), 2);
}

TEST_F(StoredObjectDestinationTest, NamesTheMarkThatAnImportLacks) {
  world_.objects["web"] = {.id = "web"};

  const auto adopted = Make()->Adopt(DestinationTest::Call(), "web", Adoption::kMarked);

  ASSERT_FALSE(adopted);
  EXPECT_EQ(adopted.error().message, "it does not carry the tag");
}

}  // namespace
}  // namespace engine::sync
