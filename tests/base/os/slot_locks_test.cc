// SPDX-License-Identifier: MPL-2.0
#include "base/os/slot_locks.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace base::os {
namespace {

class SlotLocksTest : public testing::Test {
 protected:
  SlotLocks Open() const { return *SlotLocks::Open((folder_.path() / "lock").string()); }

  tests::TemporaryFolder folder_;
};

TEST_F(SlotLocksTest, KeepsAnotherHolderOutOfTheSameSlotAlone) {
  const SlotLocks one = Open();
  const SlotLocks other = Open();

  EXPECT_TRUE(one.TryTake(7));
  EXPECT_TRUE(one.TryTake(7));
  EXPECT_FALSE(other.TryTake(7));
  EXPECT_TRUE(other.TryTake(8));
}

TEST_F(SlotLocksTest, TellsWhatAnotherHolderHasWithoutTakingIt) {
  const SlotLocks one = Open();
  const SlotLocks other = Open();
  ASSERT_TRUE(one.TryTake(7));

  EXPECT_TRUE(other.IsTaken(7));
  EXPECT_FALSE(other.IsTaken(8));
  EXPECT_FALSE(one.IsTaken(7));
  EXPECT_TRUE(one.TryTake(8));
}

TEST_F(SlotLocksTest, ReleasedSlotCanBeTaken) {
  const SlotLocks one = Open();
  const SlotLocks other = Open();
  ASSERT_TRUE(one.TryTake(7));

  one.Release(7);

  EXPECT_TRUE(other.TryTake(7));
}

TEST_F(SlotLocksTest, TakesTheLargestSlot) { EXPECT_TRUE(Open().TryTake((std::uint64_t{1} << 62))); }

TEST_F(SlotLocksTest, EndOfTheHoldingProcessFreesTheSlot) {
  const std::string path = (folder_.path() / "lock").string();
  const pid_t child = fork();
  if (child == 0) {
    const auto locks = SlotLocks::Open(path);
    _exit(locks && locks->TryTake(7) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);

  EXPECT_TRUE(Open().TryTake(7));
}

TEST_F(SlotLocksTest, FollowsNoSymbolicLink) {
  std::filesystem::create_symlink(folder_.path() / "elsewhere", folder_.path() / "lock");

  EXPECT_FALSE(SlotLocks::Open((folder_.path() / "lock").string()));
}

}  // namespace
}  // namespace base::os
