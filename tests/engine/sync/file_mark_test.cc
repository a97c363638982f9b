// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_mark.h"

#include <gtest/gtest.h>

#include "tests/support/test_bundle.h"

namespace engine::sync {
namespace {

const FileMark kMark{.sync_id = "5c0e", .certificate_id = "cafe", .leaves_sha256 = {"new", "old"}, .files = {".key", ".crt"}};
constexpr const char* kText =
    "{\"certificate_id\":\"cafe\",\"files\":[\".key\",\".crt\"],\"leaves_sha256\":[\"new\",\"old\"],\"sync_id\":\"5c0e\"}\n";

TEST(FileMark, HasTheseBytes) {
  EXPECT_EQ(ToText(kMark), kText);
  ASSERT_TRUE(ParseFileMark(kText).has_value());
  EXPECT_EQ(*ParseFileMark(kText), kMark);
}

TEST(FileMark, WhatIsNoMarkIsNone) {
  const std::string text = kText;
  for (const std::string& other :
       {std::string(), text.substr(0, text.size() / 2), std::string("[]"), std::string("{\"sync_id\":7}"), std::string("{}"),
        "{\"sync_id\":\"" + std::string(9000, 'a') + "\"}", std::string(9000, '[')}) {
    EXPECT_FALSE(ParseFileMark(other).has_value()) << other.substr(0, 60);
  }
}

TEST(FileMark, IsHiddenBesideTheCertificate) {
  EXPECT_EQ(FileMarkPath("web"), ".web.certwright");
  EXPECT_EQ(FileMarkPath("team/web"), "team/.web.certwright");
}

TEST(NextFileMark, RemembersTheFormerLeafAndTheFilesThatAreStillThere) {
  const Bundle bundle = tests::MakeTestBundle("f00d");
  const std::string& leaf = bundle.chain.front().fingerprint_sha256;

  const FileMark next = NextFileMark("07e5", bundle, {".pem"}, kMark);

  EXPECT_EQ(
      next,
      (FileMark{.sync_id = "07e5", .certificate_id = "f00d", .leaves_sha256 = {leaf, "new"}, .files = {".pem", ".key", ".crt"}}));
  EXPECT_EQ(NextFileMark("07e5", bundle, {".pem"}, next), next) << "a second run writes nothing";
}

// Those of layouts without names of their own are as marks have always listed them.
TEST(MarkEntriesOf, AreSuffixesOrPathsWithASlashBeforeThem) {
  const FileLayout plain = *FindFileLayout({.layout = "split"});
  const FileLayout named =
      *FindFileLayout({.layout = "split", .names = {{"certificate", "{{name}}.pem"}, {"private_key", "{{name}}/privkey.pem"}}});
  const FileLayout fixed = *FindFileLayout({.layout = "combined", .names = {{"certificate", "server.pem"}}});

  EXPECT_EQ(MarkEntriesOf(plain, "team/web"), (std::vector<std::string>{".key", ".crt"}));
  EXPECT_EQ(MarkEntriesOf(named, "team/web"), (std::vector<std::string>{"/team/web/privkey.pem", ".pem"}));
  EXPECT_EQ(MarkEntriesOf(fixed, "web"), (std::vector<std::string>{"/server.pem"}));
}

}  // namespace
}  // namespace engine::sync
