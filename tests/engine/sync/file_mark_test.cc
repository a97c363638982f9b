// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_mark.h"

#include <gtest/gtest.h>

#include "tests/support/test_bundle.h"

namespace engine::sync {
namespace {

const FileMark kMark{.sync_id = "5c0e", .certificate_id = "cafe", .leaves_sha256 = {"new", "old"}, .suffixes = {".key", ".crt"}};
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
        "{\"sync_id\":\"" + std::string(5000, 'a') + "\"}", std::string(5000, '[')}) {
    EXPECT_FALSE(ParseFileMark(other).has_value()) << other.substr(0, 60);
  }
}

TEST(FileMark, IsHiddenBesideTheCertificate) { EXPECT_EQ(FileMarkName("web"), ".web.certwright"); }

TEST(NextFileMark, RemembersTheFormerLeafAndTheFilesThatAreStillThere) {
  const Bundle bundle = tests::MakeTestBundle("f00d");
  const std::string& leaf = bundle.chain.front().fingerprint_sha256;
  const FileLayout& layout = *FindFileLayout("combined");

  const FileMark next = NextFileMark("07e5", bundle, layout, kMark);

  EXPECT_EQ(
      next,
      (FileMark{
          .sync_id = "07e5", .certificate_id = "f00d", .leaves_sha256 = {leaf, "new"}, .suffixes = {".pem", ".key", ".crt"}}));
  EXPECT_EQ(NextFileMark("07e5", bundle, layout, next), next) << "a second run writes nothing";
  EXPECT_EQ(WithoutLeftovers(next, layout).suffixes, std::vector<std::string>{".pem"});
}

}  // namespace
}  // namespace engine::sync
