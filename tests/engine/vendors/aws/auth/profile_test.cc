// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/profile.h"

#include <gtest/gtest.h>

namespace tests {
namespace {

using engine::vendors::aws::auth::AwsFile;
using engine::vendors::aws::auth::AwsProfile;
using engine::vendors::aws::auth::AwsSharedFiles;
using engine::vendors::aws::auth::FindSetting;
using engine::vendors::aws::auth::ParseAwsFile;
using engine::vendors::aws::auth::ReadAwsSharedFiles;

TEST(ParseAwsFile, ReadsBothFilesAndKeepsWhatCameFirst) {
  AwsSharedFiles files;

  ParseAwsFile("[default]\naws_access_key_id = A\r\n# note\n; note\n\n[ci]\nAWS_Access_Key_Id=B # mine\n", AwsFile::kCredentials,
               files);
  ParseAwsFile("[default]\naws_access_key_id = other\nregion = eu-west-1\n[profile ci]\nregion=cn-north-1\n[ci]\nregion=no\n",
               AwsFile::kConfig, files);

  EXPECT_EQ(files.profiles["default"], (AwsProfile{{"aws_access_key_id", "A"}, {"region", "eu-west-1"}}));
  EXPECT_EQ(files.profiles["ci"], (AwsProfile{{"aws_access_key_id", "B"}, {"region", "cn-north-1"}}));
}

TEST(ParseAwsFile, PassesOverWhatIsNoSetting) {
  AwsSharedFiles files;

  ParseAwsFile("lost = 1\n[preview]\nx = y\n[profile]\nx = y\n[default]\nnonsense\nkey = a=b\n[cut", AwsFile::kConfig, files);

  EXPECT_EQ(files.profiles.size(), 1U);
  EXPECT_EQ(files.profiles["default"], (AwsProfile{{"key", "a=b"}}));
}

TEST(ParseAwsFile, NamesMayBeQuoted) {
  AwsSharedFiles files;

  ParseAwsFile("[profile \"my prof\"]\nregion = a\n[profile 'other one']\nregion = b\n[profile\tplain]\nregion = c\n",
               AwsFile::kConfig, files);

  EXPECT_EQ(files.profiles["my prof"], (AwsProfile{{"region", "a"}}));
  EXPECT_EQ(files.profiles["other one"], (AwsProfile{{"region", "b"}}));
  EXPECT_EQ(files.profiles["plain"], (AwsProfile{{"region", "c"}}));
}

TEST(ParseAwsFile, ReadsSessionsAndServicesWithNestedSettings) {
  AwsSharedFiles files;

  ParseAwsFile(
      "[sso-session ours]\nsso_region = eu-west-1\n[services local]\nacm =\n  endpoint_url = http://a\nsts = \n\t"
      "endpoint_url = http://s\n",
      AwsFile::kConfig, files);

  EXPECT_TRUE(files.profiles.empty());
  EXPECT_EQ(files.sso_sessions["ours"], (AwsProfile{{"sso_region", "eu-west-1"}}));
  EXPECT_EQ(FindSetting(files.services["local"], "acm.endpoint_url"), "http://a");
  EXPECT_EQ(FindSetting(files.services["local"], "sts.endpoint_url"), "http://s");
}

TEST(ParseAwsFile, AHashInsideAValueIsNoComment) {
  AwsSharedFiles files;

  ParseAwsFile("[default]\naws_secret_access_key = a#b;c\n", AwsFile::kCredentials, files);

  EXPECT_EQ(FindSetting(files.profiles["default"], "aws_secret_access_key"), "a#b;c");
  EXPECT_EQ(FindSetting(files.profiles["default"], "region"), "");
}

TEST(ReadAwsSharedFiles, MissingFilesCountAsEmpty) {
  EXPECT_TRUE(ReadAwsSharedFiles([](const char*) { return std::optional<std::string>("/nowhere"); }).profiles.empty());
}

}  // namespace
}  // namespace tests
