// SPDX-License-Identifier: MPL-2.0
#include "base/read_file.h"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace base {
namespace {

TEST(ReadSmallFile, GivesWhatIsInIt) {
  const tests::TempDir dir;
  dir.Write("token", std::string("a\0b\n", 4));
  dir.Write("empty", "");

  const auto token = ReadSmallFile(dir / "token");
  const auto empty = ReadSmallFile(dir / "empty");

  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->Reveal(), std::string_view("a\0b\n", 4));
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(empty->Reveal(), "");
}

TEST(ReadSmallFile, NamesTheFileThatCannotBeRead) {
  const tests::TempDir dir;

  const auto missing = ReadSmallFile(dir / "missing");
  const auto folder = ReadSmallFile(dir.path().string());

  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(missing.error().message, "the file " + dir / "missing" + " cannot be read: No such file or directory");
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().kind, ErrorKind::kNotFound);
}

TEST(ReadSmallFile, TakesOneMebibyteAndNoMore) {
  const tests::TempDir dir;
  dir.Write("most", std::string(1024 * 1024, 'x'));
  dir.Write("more", std::string(1024 * 1024 + 1, 'x'));

  EXPECT_TRUE(ReadSmallFile(dir / "most").ok());
  const auto more = ReadSmallFile(dir / "more");

  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().kind, ErrorKind::kInvalid);
}

TEST(ReadSmallFile, TakesWhatTheCallerAllows) {
  const tests::TempDir dir;
  dir.Write("file", std::string(2048, 'x'));

  EXPECT_TRUE(ReadSmallFile(dir / "file", 2048).ok());
  const auto more = ReadSmallFile(dir / "file", 2047);

  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().kind, ErrorKind::kInvalid);
}

}  // namespace
}  // namespace base
