// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/stored_object.h"

#include <gtest/gtest.h>

#include <vector>

namespace engine::sync {
namespace {

using base::Error;
using base::ErrorKind;

constexpr auto kLenient = UnmarkedRule::kUnchangedOrSame;
constexpr auto kStrict = UnmarkedRule::kInState;
constexpr auto kReceipt = UnmarkedRule::kReceipt;

struct WriteCase {
  const char* what;
  UnmarkedRule rule;
  Evidence evidence;
  WriteStep step;
};

TEST(DecideWrite, FollowsTheTable) {
  std::vector<WriteCase> cases = {
      {"unmarked", kLenient, {}, WriteStep::kRefuse},
      {"unmarked", kStrict, {}, WriteStep::kRefuse},
      {"unmarked, as the state says", kLenient, {.is_in_state = true, .is_unchanged = true}, WriteStep::kReplace},
      {"unmarked, in the state but changed", kLenient, {.is_in_state = true}, WriteStep::kRefuse},
      {"unmarked, in the state but changed", kStrict, {.is_in_state = true}, WriteStep::kReplace},
      {"content without mark of a killed run", kLenient, {.match = Match::kSameContent}, WriteStep::kReplace},
      {"content without mark of a killed run, complete", kLenient, {.match = Match::kComplete}, WriteStep::kKeep},
      {"unmarked, same content", kStrict, {.match = Match::kSameContent}, WriteStep::kRefuse},
      {"unmarked, emptied", kLenient, {.presence = Presence::kEmpty}, WriteStep::kRefuse},
      {"no marks, a stranger's", kReceipt, {}, WriteStep::kRefuse},
      {"no marks, in the state but changed", kReceipt, {.is_in_state = true}, WriteStep::kReplace},
      {"no marks, content of a killed run", kReceipt, {.match = Match::kSameContent}, WriteStep::kReplace},
      {"deleted, in the state", kStrict, {.presence = Presence::kDeleted, .is_in_state = true}, WriteStep::kRestoreAndReplace},
  };
  for (const UnmarkedRule rule : {kLenient, kStrict}) {
    const std::vector<WriteCase> marked = {
        {"ours", rule, {.mark = Mark::kOurs}, WriteStep::kReplace},
        {"ours, complete", rule, {.mark = Mark::kOurs, .match = Match::kComplete}, WriteStep::kKeep},
        {"ours, emptied", rule, {.mark = Mark::kOurs, .presence = Presence::kEmpty}, WriteStep::kReplace},
        {"ours for another certificate", rule, {.mark = Mark::kOurOther}, WriteStep::kReplace},
        {"imported from another sync", rule, {.mark = Mark::kAdopted, .is_in_state = true}, WriteStep::kReplace},
        {"of a sync that gives it up", rule, {.mark = Mark::kSameState}, WriteStep::kReplace},
        {"of a sync that gives it up, in the state", rule, {.mark = Mark::kSameState, .is_in_state = true}, WriteStep::kReplace},
        {"of a killed create", rule, {.mark = Mark::kUnsaved}, WriteStep::kReplace},
        {"moves here from a sync that stays", rule, {.mark = Mark::kRival}, WriteStep::kReplace},
        {"two syncs keep it", rule, {.mark = Mark::kRival, .is_in_state = true, .is_unchanged = true}, WriteStep::kRefuse},
        {"of a create of the same run", rule, {.mark = Mark::kCreating}, WriteStep::kRefuse},
        {"foreign", rule, {.mark = Mark::kForeign}, WriteStep::kRefuse},
        {"foreign, in the state", rule, {.mark = Mark::kForeign, .is_in_state = true, .is_unchanged = true}, WriteStep::kRefuse},
        {"foreign, same content", rule, {.mark = Mark::kForeign, .match = Match::kSameContent}, WriteStep::kRefuse},
        {"foreign, complete", rule, {.mark = Mark::kForeign, .match = Match::kComplete}, WriteStep::kRefuse},
        {"deleted, same certificate",
         rule,
         {.mark = Mark::kForeign, .presence = Presence::kDeleted, .is_of_certificate = true},
         WriteStep::kRestoreAndReplace},
        {"deleted, another certificate", rule, {.mark = Mark::kForeign, .presence = Presence::kDeleted}, WriteStep::kRefuse},
    };
    cases.insert(cases.end(), marked.begin(), marked.end());
  }
  for (const WriteCase& one : cases) {
    EXPECT_EQ(DecideWrite(one.rule, one.evidence), one.step) << one.what << ", rule " << static_cast<int>(one.rule);
  }
}

TEST(MayRemove, OnlyWhatThisSyncWroteLast) {
  struct Case {
    const char* what;
    UnmarkedRule rule;
    Evidence evidence;
    bool may_remove;
  };
  const std::vector<Case> cases = {
      {"our mark, our certificate", kLenient, {.mark = Mark::kOurs, .has_same_leaf = true}, true},
      {"our mark, our certificate", kStrict, {.mark = Mark::kOurs, .has_same_leaf = true}, true},
      {"our mark, another certificate in it", kLenient, {.mark = Mark::kOurs}, false},
      {"our mark, another certificate in it", kStrict, {.mark = Mark::kOurs}, false},
      {"lost mark, unchanged", kLenient, {.is_in_state = true, .is_unchanged = true, .has_same_leaf = true}, true},
      {"lost mark, changed", kLenient, {.is_in_state = true, .has_same_leaf = true}, false},
      {"lost mark", kStrict, {.is_in_state = true, .is_unchanged = true, .has_same_leaf = true}, false},
      {"lost mark", kStrict, {.is_in_state = true, .is_unchanged = true, .has_same_leaf = true}, false},
      {"no marks, unchanged", kReceipt, {.is_in_state = true, .is_unchanged = true, .has_same_leaf = true}, true},
      {"no marks, changed", kReceipt, {.is_in_state = true}, false},
      {"another sync's mark", kLenient, {.mark = Mark::kForeign, .is_unchanged = true, .has_same_leaf = true}, false},
      {"another sync's mark", kStrict, {.mark = Mark::kForeign, .is_in_state = true, .has_same_leaf = true}, false},
      {"emptied, ours", kLenient, {.mark = Mark::kOurs, .presence = Presence::kEmpty}, true},
      {"emptied, foreign", kLenient, {.mark = Mark::kForeign, .presence = Presence::kEmpty}, false},
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

TEST(MissingTags, ListsWhatIsAbsentOrHasAnotherValue) {
  EXPECT_EQ(MissingTags({{"a", "1"}, {"b", "2"}, {"theirs", "x"}}, {{"a", "1"}, {"b", "3"}, {"c", "4"}}),
            (Tags{{"b", "3"}, {"c", "4"}}));
}

}  // namespace
}  // namespace engine::sync
