// SPDX-License-Identifier: MPL-2.0
#include "base/os/directory_handle.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temp_dir.h"

namespace base::os {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DirectoryHandleTest : public testing::Test {
 protected:
  DirectoryHandle Opened() const { return *DirectoryHandle::Open(dir_.path().string(), DirectoryHandle::Missing::kRefuse); }

  Result<void> Write(const std::string& name, std::string_view content, StagedFile::InPlace in_place,
                     FileAttributes attributes = {}) const {
    const DirectoryHandle directory = Opened();
    auto staged = directory.Stage(name, content, attributes, SystemRandom());
    if (!staged) return std::move(staged).error();
    return staged->Publish(in_place);
  }

  tests::TempDir dir_;
};

TEST_F(DirectoryHandleTest, PublishesAFileWithItsMode) {
  ASSERT_TRUE(Write("a", "content", StagedFile::InPlace::kRefuse, {.mode = 0664}).ok());

  EXPECT_EQ(dir_.Read("a"), "content");
  EXPECT_EQ(dir_.Mode("a"), 0664U);
  EXPECT_THAT(dir_.Entries(), ElementsAre("a"));
}

TEST_F(DirectoryHandleTest, ReplacesOrRefusesWhatIsThere) {
  dir_.Write("a", "old");

  const auto refused = Write("a", "new", StagedFile::InPlace::kRefuse);
  EXPECT_EQ(dir_.Read("a"), "old");
  const auto replaced = Write("a", "new", StagedFile::InPlace::kReplace);

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(refused.error().message, "cannot write " + (dir_ / "a") + ": file exists");
  EXPECT_TRUE(replaced.ok());
  EXPECT_EQ(dir_.Read("a"), "new");
  EXPECT_THAT(dir_.Entries(), ElementsAre("a"));
}

TEST_F(DirectoryHandleTest, ReplacesALinkInsteadOfFollowingIt) {
  dir_.Write("target", "precious");
  std::filesystem::create_symlink(dir_ / "target", dir_ / "a");

  ASSERT_TRUE(Write("a", "new", StagedFile::InPlace::kReplace).ok());

  EXPECT_EQ(dir_.Read("target"), "precious");
  EXPECT_EQ(dir_.Read("a"), "new");
}

TEST_F(DirectoryHandleTest, DropsWhatIsNotPublished) {
  const DirectoryHandle directory = Opened();
  {
    const auto staged = directory.Stage("a", "content", {}, SystemRandom());
    ASSERT_TRUE(staged.ok());
    EXPECT_LE(dir_.Entries().size(), 1U) << "nothing where the file system has unnamed files";
  }

  EXPECT_THAT(dir_.Entries(), IsEmpty());
}

// A killed process leaves what it had a name for; the lock that it held is gone.
TEST_F(DirectoryHandleTest, RemovesWhatKilledProcessesLeftAndNothingElse) {
  const std::string digits(32, 'a');
  for (const std::string& name : {".web.key." + digits + ".tmp", ".held." + digits + ".tmp", std::string(".web.key.abc.tmp"),
                                  "web.key." + digits + ".tmp", "." + digits + ".tmp", std::string("web.key")}) {
    dir_.Write(name, "");
  }
  const int held = open((dir_ / (".held." + digits + ".tmp")).c_str(), O_RDONLY);
  ASSERT_EQ(flock(held, LOCK_EX), 0);

  Opened().RemoveAbandoned();

  close(held);
  auto entries = dir_.Entries();
  EXPECT_EQ(entries.erase(".web.key." + digits + ".tmp"), 0U);
  EXPECT_EQ(entries.size(), 5U);
}

TEST_F(DirectoryHandleTest, TouchMakesAFileOrRenewsItsTime) {
  const DirectoryHandle directory = Opened();
  EXPECT_FALSE(directory.AgeOf("a").has_value());
  ASSERT_TRUE(directory.Touch("a"));
  std::filesystem::last_write_time(dir_ / "a", std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  EXPECT_GE(*directory.AgeOf("a"), std::chrono::minutes(119));

  ASSERT_TRUE(directory.Touch("a"));

  EXPECT_LE(*directory.AgeOf("a"), std::chrono::minutes(1));
}

TEST_F(DirectoryHandleTest, FindsRegularFilesAndTellsOthersApart) {
  dir_.Write("file", std::string("a\0b", 3));
  std::filesystem::permissions(dir_ / "file", std::filesystem::perms(0640));
  std::filesystem::create_symlink(dir_ / "file", dir_ / "link");
  ASSERT_EQ(mkfifo((dir_ / "pipe").c_str(), 0600), 0);
  const DirectoryHandle directory = Opened();

  const auto file = directory.Find("file");

  ASSERT_TRUE(file.ok() && file->has_value());
  EXPECT_TRUE((*file)->regular);
  EXPECT_EQ((*file)->mode, 0640U);
  EXPECT_EQ((*file)->content->Reveal(), std::string_view("a\0b", 3));
  EXPECT_FALSE((*directory.Find("link"))->regular);
  EXPECT_FALSE((*directory.Find("pipe"))->regular);
  EXPECT_FALSE(directory.Find("nothing")->has_value());
}

TEST_F(DirectoryHandleTest, DoesNotReadAFileOverFourMebibytes) {
  dir_.Write("fits", std::string(4 * 1024 * 1024, 'x'));
  dir_.Write("big", std::string(4 * 1024 * 1024 + 1, 'x'));

  EXPECT_TRUE((*Opened().Find("fits"))->content.has_value());
  EXPECT_FALSE((*Opened().Find("big"))->content.has_value());
}

TEST_F(DirectoryHandleTest, OpensFoldersBelowButNoLinks) {
  std::filesystem::create_directory(dir_ / "folder");
  std::filesystem::create_directory_symlink(dir_ / "folder", dir_ / "link");
  const DirectoryHandle directory = Opened();

  EXPECT_TRUE(directory.OpenBelow("folder", DirectoryHandle::Missing::kRefuse).ok());
  for (const auto missing : {DirectoryHandle::Missing::kRefuse, DirectoryHandle::Missing::kCreate}) {
    const auto link = directory.OpenBelow("link", missing);
    ASSERT_FALSE(link.ok());
    EXPECT_EQ(link.error().kind, ErrorKind::kConflict);
  }
}

TEST_F(DirectoryHandleTest, MakesFoldersOnlyWhenAskedTo) {
  const std::string path = dir_ / "a/b";

  const auto refused = DirectoryHandle::Open(path, DirectoryHandle::Missing::kRefuse);
  EXPECT_THAT(dir_.Entries(), IsEmpty());
  const auto made = DirectoryHandle::Open(path, DirectoryHandle::Missing::kCreate, 0711);

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kNotFound);
  EXPECT_THAT(refused.error().message, HasSubstr(path));
  EXPECT_TRUE(made.ok());
  EXPECT_EQ(dir_.Mode("a/b"), 0711U);
}

TEST_F(DirectoryHandleTest, SaysWhenAFileStandsInTheWay) {
  dir_.Write("a", "file");

  const auto opened = DirectoryHandle::Open(dir_ / "a/b", DirectoryHandle::Missing::kCreate);

  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, ErrorKind::kConflict);
}

TEST_F(DirectoryHandleTest, RemovesFilesAndEmptyFolders) {
  dir_.Write("full/file", "x");
  std::filesystem::create_directory(dir_ / "empty");
  dir_.Write("a", "x");
  const DirectoryHandle directory = Opened();

  EXPECT_TRUE(directory.RemoveFile("a").ok());
  EXPECT_TRUE(directory.RemoveFile("a").ok());
  EXPECT_FALSE(directory.RemoveFile("full").ok());
  EXPECT_TRUE(directory.RemoveEmpty("empty"));
  EXPECT_FALSE(directory.RemoveEmpty("full"));
  EXPECT_THAT(dir_.Entries(), ElementsAre("full", "full/file"));
}

TEST_F(DirectoryHandleTest, ListsAllNamesSorted) {
  const DirectoryHandle directory = Opened();
  EXPECT_THAT(*directory.List(), IsEmpty());
  dir_.Write("b", "x");
  dir_.Write("a/deep", "x");
  dir_.Write(".hidden", "x");

  EXPECT_THAT(*directory.List(), ElementsAre(".hidden", "a", "b"));
  EXPECT_THAT(*directory.List(), ElementsAre(".hidden", "a", "b"));
}

}  // namespace
}  // namespace base::os
