// SPDX-License-Identifier: MPL-2.0
#include "resources/shared_notes.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

#include "tests/support/fake_clock.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/temp_dir.h"

namespace resources {
namespace {

using std::chrono::hours;

class SharedNotesTest : public testing::Test {
 protected:
  // As another process would.
  SharedNotes Open(std::string_view workspace = "default") const { return {dir_ / "data", workspace}; }
  void MakeOlder(const std::string& name, hours age) const {
    for (const auto& one : std::filesystem::recursive_directory_iterator(dir_.path())) {
      if (one.path().filename() == name) last_write_time(one.path(), std::filesystem::file_time_type::clock::now() - age);
    }
  }

  tests::TempDir dir_;
  tests::FakeClock clock_;
};

TEST_F(SharedNotesTest, OtherProcessesOfTheWorkspaceSeeANote) {
  auto ours = Open();
  ours.Add("syncs", "5c0e");

  EXPECT_TRUE(ours.Contains("syncs", "5c0e"));
  EXPECT_TRUE(Open().Contains("syncs", "5c0e"));
  EXPECT_FALSE(Open().Contains("syncs", "07e5"));
  EXPECT_FALSE(Open().Contains("kept", "5c0e"));
  EXPECT_FALSE(Open("staging").Contains("syncs", "5c0e"));

  Open().Remove("syncs", "5c0e");
  EXPECT_FALSE(Open().Contains("syncs", "5c0e"));
}

TEST_F(SharedNotesTest, RecentNotesAreThoseOfTheGivenAge) {
  auto ours = Open();
  ours.Add("kept", "5c0e");
  EXPECT_TRUE(ours.ContainsRecent("kept", "5c0e", hours(1)));
  MakeOlder("5c0e", hours(2));
  EXPECT_FALSE(ours.ContainsRecent("kept", "5c0e", hours(1)));

  ours.Add("kept", "5c0e");

  EXPECT_TRUE(ours.ContainsRecent("kept", "5c0e", hours(1)));
}

TEST_F(SharedNotesTest, ListsRecentNotesWithThePrefixAndRemovesOlderOnes) {
  auto ours = Open();
  for (const char* name : {"cafe-new", "cafe-5c0e", "cafe-old", "f00d-new"}) ours.Add("claims", name);
  MakeOlder("cafe-old", hours(2));

  EXPECT_EQ(Open().List("claims", "cafe-", hours(1)), (std::vector<std::string>{"cafe-5c0e", "cafe-new"}));
  EXPECT_FALSE(Open().Contains("claims", "cafe-old"));
  EXPECT_TRUE(Open().Contains("claims", "f00d-new"));
}

TEST_F(SharedNotesTest, WithoutAFolderThisProcessKnowsAllTheSame) {
  dir_.Write("data", "a file is in the way");
  auto ours = Open();
  ours.Add("claims", "cafe-new");

  EXPECT_TRUE(ours.Contains("claims", "cafe-new"));
  EXPECT_TRUE(ours.ContainsRecent("claims", "cafe-new", hours(1)));
  EXPECT_EQ(ours.List("claims", "cafe-", hours(1)), std::vector<std::string>{"cafe-new"});
  EXPECT_TRUE(ours.AcquireTurn(clock_.Call(), "web"));
  ours.Remove("claims", "cafe-new");
  EXPECT_FALSE(ours.Contains("claims", "cafe-new"));
}

TEST_F(SharedNotesTest, ATurnExcludesOtherProcessesUntilItEnds) {
  auto ours = Open();
  auto theirs = Open();
  {
    const auto turn = ours.AcquireTurn(clock_.Call(), "web");
    ASSERT_TRUE(turn);

    const auto second = theirs.AcquireTurn(clock_.Call(), "web");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, base::ErrorKind::kTimeout);
    EXPECT_TRUE(theirs.AcquireTurn(clock_.Call(), "mail"));
  }

  EXPECT_TRUE(theirs.AcquireTurn(clock_.Call(), "web"));
}

TEST_F(SharedNotesTest, TheWorkspaceIsTerraforms) {
  {
    const tests::ScopedVariable variable("TF_WORKSPACE", "prod");
    EXPECT_EQ(FindWorkspace(dir_ / "data"), "prod");
  }
  const tests::ScopedVariable variable("TF_WORKSPACE", "");
  EXPECT_EQ(FindWorkspace(dir_ / "data"), "default");
  dir_.Write("data/environment", "staging\n");
  EXPECT_EQ(FindWorkspace(dir_ / "data"), "staging");
}

}  // namespace
}  // namespace resources
