// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/credential_chain.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/engine/vendors/aws/auth/fake_identity.h"
#include "tests/support/fake_clock.h"

namespace tests {
namespace {

using base::ErrorKind;
using base::Secret;
using engine::vendors::aws::auth::AwsCredentials;
using engine::vendors::aws::auth::AwsSettings;

class FetchAwsCredentials : public testing::Test {
 protected:
  FetchAwsCredentials() {
    std::string name = testing::TempDir() + "aws-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    environment_["HOME"] = folder_;
  }
  ~FetchAwsCredentials() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = std::filesystem::path(folder_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path;
  }

  base::Result<AwsCredentials> Fetch(const AwsSettings& settings = {}) {
    const engine::vendors::aws::auth::AwsSts sts{aws_.transport(), "https://sts.eu-west-1.amazonaws.com", "eu-west-1"};
    return engine::vendors::aws::auth::FetchAwsCredentials(clock_.Call(), sts, settings, [this](const char* name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    });
  }

  // The access key that was found, or the error.
  std::string Found(const AwsSettings& settings = {}) {
    const auto found = Fetch(settings);
    return found ? found->access_key_id : found.error().message;
  }

  FakeAwsIdentity aws_;
  FakeClock clock_;
  std::map<std::string, std::string> environment_;
  std::string folder_;
};

TEST_F(FetchAwsCredentials, TakesGivenKeysBeforeAnythingElse) {
  environment_["AWS_ACCESS_KEY_ID"] = "AKIAENVIRONMENT";
  environment_["AWS_SECRET_ACCESS_KEY"] = "s";

  const auto found = Fetch({.access_key_id = "AKIAGIVEN", .secret_access_key = Secret("x"), .session_token = Secret("t")});

  ASSERT_TRUE(found);
  EXPECT_EQ(found->access_key_id, "AKIAGIVEN");
  EXPECT_EQ(found->session_token.Reveal(), "t");
  EXPECT_FALSE(found->expires);
}

TEST_F(FetchAwsCredentials, FollowsTheOrderOfTheDefaultChain) {
  aws_.is_instance = true;
  EXPECT_EQ(Found(), "ASIAINSTANCE");
  aws_.container_token = "container-token";
  environment_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/1";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "container-token";
  EXPECT_EQ(Found(), "ASIACONTAINER");
  Write(".aws/credentials", "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n");
  EXPECT_EQ(Found(), "AKIAFILE");
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = Write("token", "web-token\n");
  environment_["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/r";
  EXPECT_EQ(Found(), "ASIA-web-certwright-3");
  environment_["AWS_ACCESS_KEY_ID"] = "AKIAENVIRONMENT";
  environment_["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(Found(), "AKIAENVIRONMENT");
}

TEST_F(FetchAwsCredentials, TemporaryOnesSayWhenTheyExpire) {
  aws_.is_instance = true;

  const auto found = Fetch();

  ASSERT_TRUE(found);
  EXPECT_EQ(found->session_token.Reveal(), "token");
  EXPECT_EQ(found->expires, base::ParseRfc3339("2026-01-02T04:04:05Z"));
}

TEST_F(FetchAwsCredentials, WithoutAnyTheErrorSaysWhereItLooked) {
  const auto found = Fetch();

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kInvalid);
  ASSERT_EQ(found.error().details.size(), 5U);
  EXPECT_EQ(found.error().details[0], "environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set");
  EXPECT_EQ(found.error().details[4], "EC2 instance: the instance metadata service gives none: no route to host");
}

TEST_F(FetchAwsCredentials, TakesOnTheRoleWithItsExternalIdAndSession) {
  aws_.external_id = "ours";
  const AwsSettings settings{.access_key_id = "AKIAGIVEN",
                             .secret_access_key = Secret("x"),
                             .role = {{.arn = "arn:aws:iam::123456789012:role/r",
                                       .external_id = "ours",
                                       .session_name = "dns",
                                       .duration = std::chrono::seconds(900)}}};

  EXPECT_EQ(Found(settings), "ASIA-AKIAGIVEN-dns-1");
  const std::string body = aws_.transport().requests().back().body;
  EXPECT_NE(body.find("&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr&"), std::string::npos) << body;
  EXPECT_NE(body.find("&DurationSeconds=900"), std::string::npos) << body;
}

TEST_F(FetchAwsCredentials, ARefusedRoleIsDeniedByName) {
  aws_.external_id = "theirs";
  const auto found = Fetch({.access_key_id = "AKIAGIVEN",
                            .secret_access_key = Secret("x"),
                            .role = {{.arn = "arn:aws:iam::123456789012:role/r", .external_id = "ours"}}});

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(found.error().message, "AWS refused taking on the role arn:aws:iam::123456789012:role/r (AccessDenied)");
}

TEST_F(FetchAwsCredentials, ProfilesLeadToOtherProfilesAndSources) {
  aws_.is_instance = true;
  Write(".aws/config",
        "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n"
        "[profile one]\nrole_arn = arn:1\nsource_profile = base\nrole_session_name = one\n"
        "[profile two]\nrole_arn = arn:2\nsource_profile = one\n"
        "[profile self]\nrole_arn = arn:3\nsource_profile = self\naws_access_key_id = AKIASELF\naws_secret_access_key = s\n"
        "[profile ec2]\nrole_arn = arn:4\ncredential_source = Ec2InstanceMetadata\n");

  EXPECT_EQ(Found({.profile = "one"}), "ASIA-AKIABASE-one-1");
  EXPECT_EQ(Found({.profile = "two"}), "ASIA-ASIA-AKIABASE-one-2-certwright-3");
  EXPECT_EQ(Found({.profile = "self"}), "ASIA-AKIASELF-certwright-4");
  EXPECT_EQ(Found({.profile = "ec2"}), "ASIA-ASIAINSTANCE-certwright-6");
}

TEST_F(FetchAwsCredentials, ProfilesThatCannotWorkSayWhy) {
  Write(".aws/config",
        "[profile a]\nrole_arn = arn:1\nsource_profile = b\n[profile b]\nrole_arn = arn:1\nsource_profile = a\n"
        "[profile sso]\nsso_session = x\n[profile process]\ncredential_process = /bin/x\n"
        "[profile mfa]\nrole_arn = arn:1\nsource_profile = a\nmfa_serial = arn:mfa\n[profile bare]\nrole_arn = arn:1\n");
  const std::pair<const char*, const char*> kCases[]{
      {"none", "there is no profile \"none\""}, {"a", "runs in a loop"},       {"sso", "sso_session, which is not supported"},
      {"process", "credential_process, which"}, {"mfa", "a code from an MFA"}, {"bare", "neither source_profile nor"}};
  for (const auto& [profile, message] : kCases) {
    const auto found = Fetch({.profile = profile});

    ASSERT_FALSE(found) << profile;
    EXPECT_EQ(found.error().kind, ErrorKind::kInvalid) << profile;
    EXPECT_NE(found.error().message.find(message), std::string::npos) << found.error().message;
  }
}

TEST_F(FetchAwsCredentials, AContainerTokenGoesNowhereElse) {
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "container-token";
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://evil.example/credentials";

  const auto found = Fetch();

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(aws_.transport().requests().empty());
}

TEST_F(FetchAwsCredentials, EksPodIdentityReadsItsTokenFromAFile) {
  aws_.container_token = "pod-token";
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = Write("pod", "pod-token\n");

  EXPECT_EQ(Found(), "ASIACONTAINER");
}

TEST_F(FetchAwsCredentials, AnInUseButRefusingSourceEndsTheSearch) {
  aws_.is_instance = true;
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = Write("token", "stale");
  environment_["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/r";

  const auto found = Fetch();

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(found.error().code, "InvalidIdentityToken");
}

TEST_F(FetchAwsCredentials, AMetadataServiceThatIsSwitchedOffIsNotAsked) {
  aws_.is_instance = true;
  environment_["AWS_EC2_METADATA_DISABLED"] = "true";

  EXPECT_FALSE(Fetch());
  EXPECT_TRUE(aws_.transport().requests().empty());
}

TEST_F(FetchAwsCredentials, TheMachinesOwnServicesAreAskedWithoutAProxy) {
  aws_.is_instance = true;
  ASSERT_TRUE(Fetch());
  aws_.container_token = "pod-token";
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "pod-token";
  ASSERT_TRUE(Fetch());

  ASSERT_EQ(aws_.transport().requests().size(), 4U);
  for (const auto& request : aws_.transport().requests()) {
    EXPECT_EQ(request.proxies, base::http::Proxies::kBypassed) << request.url;
  }
}

}  // namespace
}  // namespace tests
