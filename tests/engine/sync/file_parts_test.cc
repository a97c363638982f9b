// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_parts.h"

#include <gtest/gtest.h>

namespace engine::sync {
namespace {

TEST(AddFile, TellsContentAndPermissionsApart) {
  const std::optional<base::Secret> content = base::Secret("abc");
  const std::optional<base::Secret> none;
  Parts parts;

  AddFile({.name = "web.key", .content = content, .mode = 0600}, parts);
  AddFile({.name = "web.crt", .content = none, .mode = 0644}, parts);
  AddFile({.name = "web.pem", .is_regular = false, .content = none, .mode = 0755}, parts);

  EXPECT_EQ(parts, (Parts{{"file web.key", PartDigest("abc")},
                          {"permissions of web.key", "0600"},
                          {"file web.crt", "unreadable"},
                          {"permissions of web.crt", "0644"},
                          {"file web.pem", "not a regular file"}}));
}

TEST(FindNotedLayout, IsTheOneThatWroteTheFiles) {
  const std::vector<FileChoice> choices = {
      {.layout = "combined"},
      {.layout = "separate_chain", .names = {{"chain", "{{name}}/chain.pem"}, {"certificate", "{{name}}/cert.pem"}}},
      {.layout = "split", .includes_key = false},
  };
  for (const FileChoice& choice : choices) {
    const auto noted = FindNotedLayout({.notes = NotesOf(*FindFileLayout(choice))});
    ASSERT_TRUE(noted) << choice.layout;
    EXPECT_EQ(noted->choice, choice);
  }

  EXPECT_EQ(NotesOf(*FindFileLayout({.layout = "split"})), (Notes{{"layout", "split"}})) << "as former versions wrote it";
  EXPECT_FALSE(FindNotedLayout({}));
  EXPECT_FALSE(FindNotedLayout({.notes = {{"layout", "later"}}}));
}

}  // namespace
}  // namespace engine::sync
