// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/profile.h"

#include <gtest/gtest.h>

namespace tests {
namespace {

using engine::vendors::aws::auth::AwsFile;
using engine::vendors::aws::auth::AwsProfiles;
using engine::vendors::aws::auth::ParseAwsProfiles;

TEST(ParseAwsProfiles, ReadsBothFilesAndKeepsWhatCameFirst) {
  AwsProfiles profiles;

  ParseAwsProfiles("[default]\naws_access_key_id = A\r\n# note\n; note\n\n[ci]\nAWS_Access_Key_Id=B # mine\n",
                   AwsFile::kCredentials, profiles);
  ParseAwsProfiles("[default]\naws_access_key_id = other\nregion = eu-west-1\n[profile ci]\nregion=cn-north-1\n[ci]\nregion=no\n",
                   AwsFile::kConfig, profiles);

  EXPECT_EQ(profiles["default"], (engine::vendors::aws::auth::AwsProfile{{"aws_access_key_id", "A"}, {"region", "eu-west-1"}}));
  EXPECT_EQ(profiles["ci"], (engine::vendors::aws::auth::AwsProfile{{"aws_access_key_id", "B"}, {"region", "cn-north-1"}}));
}

TEST(ParseAwsProfiles, PassesOverWhatIsNoSetting) {
  AwsProfiles profiles;

  ParseAwsProfiles("lost = 1\n[sso-session x]\nsso_region = y\n[default]\ns3 =\n  max_queue = 5\nnonsense\nkey = a=b\n[cut",
                   AwsFile::kConfig, profiles);

  EXPECT_EQ(profiles.size(), 1U);
  EXPECT_EQ(profiles["default"], (engine::vendors::aws::auth::AwsProfile{{"key", "a=b"}, {"s3", ""}}));
}

TEST(ParseAwsProfiles, AHashInsideAValueIsNoComment) {
  AwsProfiles profiles;

  ParseAwsProfiles("[default]\naws_secret_access_key = a#b;c\n", AwsFile::kCredentials, profiles);

  EXPECT_EQ(engine::vendors::aws::auth::FindSetting(profiles["default"], "aws_secret_access_key"), "a#b;c");
  EXPECT_EQ(engine::vendors::aws::auth::FindSetting(profiles["default"], "region"), "");
}

TEST(ReadAwsProfiles, MissingFilesCountAsEmpty) {
  EXPECT_TRUE(
      engine::vendors::aws::auth::ReadAwsProfiles([](const char*) { return std::optional<std::string>("/nowhere"); }).empty());
}

}  // namespace
}  // namespace tests
