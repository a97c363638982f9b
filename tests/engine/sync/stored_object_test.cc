// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/stored_object.h"

#include <gtest/gtest.h>

#include <vector>

namespace engine::sync {
namespace {

using base::Error;
using base::ErrorKind;

constexpr auto kByMark = OwnershipRule::kMarkOrContent;
constexpr auto kByMarks = OwnershipRule::kMarksOrState;
constexpr auto kByState = OwnershipRule::kState;

struct WriteCase {
  const char* what;
  OwnershipRule rule;
  Evidence evidence;
  WriteStep step;
};

TEST(DecideWrite, FollowsTheTable) {
  const std::vector<WriteCase> cases = {
      {"foreign object", kByMark, {}, WriteStep::kRefuse},
      {"foreign object", kByMarks, {}, WriteStep::kRefuse},
      {"foreign object", kByState, {}, WriteStep::kRefuse},

      {"our mark", kByMark, {.mark = Mark::kOurs}, WriteStep::kReplace},
      {"our mark", kByMarks, {.mark = Mark::kOurs}, WriteStep::kReplace},
      {"our mark", kByState, {.mark = Mark::kOurs}, WriteStep::kReplace},

      {"our mark for another certificate", kByMark, {.mark = Mark::kOurOther}, WriteStep::kReplace},
      {"our mark for another certificate", kByMarks, {.mark = Mark::kOurOther}, WriteStep::kRefuse},
      {"our mark for another certificate", kByState, {.mark = Mark::kOurOther}, WriteStep::kRefuse},

      {"another sync's mark", kByMark, {.mark = Mark::kForeign, .is_in_state = true, .is_unchanged = true}, WriteStep::kRefuse},
      {"another sync's mark", kByMarks, {.mark = Mark::kForeign, .is_in_state = true, .is_unchanged = true}, WriteStep::kRefuse},
      {"another sync's mark", kByState, {.mark = Mark::kForeign, .is_in_state = true}, WriteStep::kReplace},

      {"imported from another sync", kByMark, {.mark = Mark::kAdopted, .is_in_state = true}, WriteStep::kReplace},
      {"imported from another sync", kByMarks, {.mark = Mark::kAdopted, .is_in_state = true}, WriteStep::kReplace},

      {"lost mark, unchanged", kByMark, {.is_in_state = true, .is_unchanged = true}, WriteStep::kReplace},
      {"lost mark, changed", kByMark, {.is_in_state = true}, WriteStep::kRefuse},
      {"lost mark, changed", kByMarks, {.is_in_state = true}, WriteStep::kReplace},
      {"lost mark, changed", kByState, {.is_in_state = true}, WriteStep::kReplace},

      {"left by a killed run", kByMark, {.mark = Mark::kForeign, .match = Match::kSameContent}, WriteStep::kReplace},
      {"left by a killed run, complete", kByMark, {.mark = Mark::kForeign, .match = Match::kComplete}, WriteStep::kKeep},
      {"same content, foreign", kByMarks, {.mark = Mark::kForeign, .match = Match::kComplete}, WriteStep::kRefuse},
      {"complete", kByMarks, {.mark = Mark::kOurs, .match = Match::kComplete}, WriteStep::kKeep},

      {"emptied, ours", kByMark, {.mark = Mark::kOurs, .presence = Presence::kEmpty}, WriteStep::kReplace},
      {"emptied, foreign", kByMark, {.presence = Presence::kEmpty}, WriteStep::kRefuse},

      {"deleted, same certificate",
       kByMarks,
       {.mark = Mark::kForeign, .presence = Presence::kDeleted, .is_of_certificate = true},
       WriteStep::kRestoreAndReplace},
      {"deleted, in the state", kByMarks, {.presence = Presence::kDeleted, .is_in_state = true}, WriteStep::kRestoreAndReplace},
      {"deleted, another certificate", kByMarks, {.mark = Mark::kOurOther, .presence = Presence::kDeleted}, WriteStep::kRefuse},
  };
  for (const WriteCase& one : cases) {
    EXPECT_EQ(DecideWrite(one.rule, one.evidence), one.step) << one.what << ", rule " << static_cast<int>(one.rule);
  }
}

TEST(MayRemove, OnlyWhatThisSyncWroteLast) {
  struct Case {
    const char* what;
    OwnershipRule rule;
    Evidence evidence;
    bool may_remove;
  };
  const std::vector<Case> cases = {
      {"our mark, our certificate", kByMark, {.mark = Mark::kOurs, .has_same_leaf = true}, true},
      {"our mark, our certificate", kByMarks, {.mark = Mark::kOurs, .has_same_leaf = true}, true},
      {"our mark, another certificate in it", kByMark, {.mark = Mark::kOurs}, false},
      {"our mark, another certificate in it", kByMarks, {.mark = Mark::kOurs}, false},
      {"lost mark, unchanged", kByMark, {.is_in_state = true, .is_unchanged = true, .has_same_leaf = true}, true},
      {"lost mark, changed", kByMark, {.is_in_state = true, .has_same_leaf = true}, false},
      {"lost mark", kByMarks, {.is_in_state = true, .is_unchanged = true, .has_same_leaf = true}, false},
      {"lost mark", kByState, {.is_in_state = true, .is_unchanged = true, .has_same_leaf = true}, false},
      {"another sync's mark", kByMark, {.mark = Mark::kForeign, .is_unchanged = true, .has_same_leaf = true}, false},
      {"another sync's mark", kByState, {.mark = Mark::kForeign, .is_in_state = true, .has_same_leaf = true}, false},
      {"emptied, ours", kByMark, {.mark = Mark::kOurs, .presence = Presence::kEmpty}, true},
      {"emptied, foreign", kByMark, {.mark = Mark::kForeign, .presence = Presence::kEmpty}, false},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(MayRemove(one.rule, one.evidence), one.may_remove) << one.what << ", rule " << static_cast<int>(one.rule);
  }
}

TEST(MustLook, AfterWhatMayHaveBeenCarriedOut) {
  struct Case {
    LostAnswer rule;
    Error error;
    bool must_look;
  };
  const std::vector<Case> cases = {
      {LostAnswer::kIgnore, {ErrorKind::kTimeout, "lost"}, false},
      {LostAnswer::kLook, {ErrorKind::kTimeout, "lost"}, true},
      {LostAnswer::kLook, {ErrorKind::kConflict, "taken"}, true},
      {LostAnswer::kLook, {ErrorKind::kDenied, "no"}, false},
      {LostAnswer::kLook, {.kind = ErrorKind::kUnavailable, .message = "down", .delivery = base::Delivery::kNotSent}, false},
      {LostAnswer::kLookAndRepeat, {ErrorKind::kUnavailable, "lost"}, true},
      {LostAnswer::kLookAndRepeat, {ErrorKind::kConflict, "taken"}, false},
  };
  for (const Case& one : cases) EXPECT_EQ(MustLook(one.rule, one.error), one.must_look) << one.error.message;
}

TEST(IsResultOf, WantsTheTagsThatTheWriteSets) {
  const ObjectWrite write{.tags = {{"certwright:sync-id", "5c0e"}}};
  const StoredObject bare;
  const StoredObject tagged{.tags = {{"certwright:sync-id", "5c0e"}, {"theirs", "x"}}};
  const StoreTraits later{.writes_tags_with_content = false};

  EXPECT_TRUE(IsResultOf(write, tagged, Match::kSameContent, {}));
  EXPECT_FALSE(IsResultOf(write, tagged, Match::kDifferent, {}));
  EXPECT_FALSE(IsResultOf(write, bare, Match::kSameContent, {}));
  EXPECT_TRUE(IsResultOf(write, bare, Match::kComplete, later));
}

TEST(ReadMark, TellsWhoseItIs) {
  Ownership ownership("5c0e", {});
  const Tags theirs = {{"certwright:sync-id", "07e5"}, {"certwright:certificate-id", "cafe"}};
  ASSERT_TRUE(ownership.Adopt("adopted", theirs, Adoption::kMarked));

  EXPECT_EQ(ReadMark(ownership, {.id = "a", .tags = {{"team", "web"}}}, "cafe"), Mark::kNone);
  EXPECT_EQ(ReadMark(ownership, {.id = "a", .tags = ownership.TagsFor("cafe")}, "cafe"), Mark::kOurs);
  EXPECT_EQ(ReadMark(ownership, {.id = "a", .tags = ownership.TagsFor("f00d")}, "cafe"), Mark::kOurOther);
  EXPECT_EQ(ReadMark(ownership, {.id = "a", .tags = theirs}, "cafe"), Mark::kForeign);
  EXPECT_EQ(ReadMark(ownership, {.id = "adopted", .tags = theirs}, "cafe"), Mark::kAdopted);
}

TEST(MissingTags, ListsWhatIsAbsentOrHasAnotherValue) {
  EXPECT_EQ(MissingTags({{"a", "1"}, {"b", "2"}, {"theirs", "x"}}, {{"a", "1"}, {"b", "3"}, {"c", "4"}}),
            (Tags{{"b", "3"}, {"c", "4"}}));
}

}  // namespace
}  // namespace engine::sync
