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
    const engine::vendors::aws::auth::AwsSources sources{
        .sts = {aws_.transport(), "https://sts.eu-west-1.amazonaws.com", "eu-west-1"},
        .find_sso = [](const std::string& region) -> base::Result<engine::vendors::aws::AwsEndpoint> {
          return engine::vendors::aws::AwsEndpoint{base::Cat("https://portal.sso.", region, ".amazonaws.com"), region};
        },
        .run = run_};
    return engine::vendors::aws::auth::FetchAwsCredentials(clock_.Call(), sources, settings, [this](const char* name) {
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
  FakeClock clock_{*base::ParseRfc3339("2026-01-02T03:04:05Z")};
  engine::vendors::aws::auth::AwsProgramRunner run_;
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
        "[profile mfa]\nrole_arn = arn:1\nsource_profile = a\nmfa_serial = arn:mfa\n[profile bare]\nrole_arn = arn:1\n"
        "[profile half]\naws_access_key_id = AKIA\n"
        "[profile twice]\naws_access_key_id = AKIA\naws_secret_access_key = s\ncredential_process = /bin/x\n"
        "[profile both]\nrole_arn = arn:1\nsource_profile = a\ncredential_source = Environment\n");
  const std::pair<const char*, const char*> kCases[]{{"none", "there is no profile \"none\""},
                                                     {"a", "runs in a loop"},
                                                     {"sso", "sso-session \"x\", which is not in"},
                                                     {"process", "set `allow_exec = true`"},
                                                     {"mfa", "a code from an MFA"},
                                                     {"bare", "neither source_profile nor"},
                                                     {"half", "only one of aws_access_key_id and"},
                                                     {"twice", "both access key and credential_process"},
                                                     {"both", "both source_profile and credential_source"}};
  for (const auto& [profile, message] : kCases) {
    const auto found = Fetch({.profile = profile});

    ASSERT_FALSE(found) << profile;
    EXPECT_EQ(found.error().kind, profile == std::string_view("process") ? ErrorKind::kDenied : ErrorKind::kInvalid) << profile;
    EXPECT_NE(found.error().message.find(message), std::string::npos) << found.error().message;
  }
}

TEST_F(FetchAwsCredentials, TheEnvironmentChoosesTheProfileWithoutDoubt) {
  Write(".aws/credentials", "[one]\naws_access_key_id = AKIAONE\naws_secret_access_key = s\n");
  environment_["AWS_DEFAULT_PROFILE"] = "one";
  EXPECT_EQ(Found(), "AKIAONE");

  environment_["AWS_PROFILE"] = "two";
  EXPECT_NE(Found().find("name different profiles"), std::string::npos) << Found();
  environment_.erase("AWS_DEFAULT_PROFILE");
  EXPECT_EQ(Found(), "there is no profile \"two\" in AWS's shared files");
}

TEST_F(FetchAwsCredentials, HalfAKeyInTheEnvironmentIsAnError) {
  aws_.is_instance = true;
  environment_["AWS_ACCESS_KEY_ID"] = "AKIAENVIRONMENT";
  EXPECT_EQ(Found(), "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
  environment_["AWS_SECRET_ACCESS_KEY"] = "s";
  environment_["AWS_CREDENTIAL_EXPIRATION"] = "2026-01-02T03:04:04Z";
  EXPECT_NE(Found().find("have expired"), std::string::npos) << Found();
  environment_["AWS_CREDENTIAL_EXPIRATION"] = "2026-01-02T03:04:06Z";
  EXPECT_EQ(Found(), "AKIAENVIRONMENT");
}

TEST_F(FetchAwsCredentials, RunsTheProgramOfAProfile) {
  Write(".aws/config", "[profile p]\ncredential_process = \"/opt/my tool\" --for 'a b' c\\ d\n");
  base::ProgramOutcome outcome{.exit_code = 0,
                               .output = R"({"Version":1,"AccessKeyId":"ASIAPROGRAM","SecretAccessKey":"s",
                                             "SessionToken":"t","Expiration":"2026-01-02T04:04:05+00:00"})",
                               .errors = {}};
  std::vector<std::string> arguments;
  run_ = [&](const base::Call&, std::vector<std::string> given) -> base::Result<base::ProgramOutcome> {
    arguments = std::move(given);
    return outcome;
  };

  const auto found = Fetch({.profile = "p"});

  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(arguments, (std::vector<std::string>{"/opt/my tool", "--for", "a b", "c d"}));
  EXPECT_EQ(found->access_key_id, "ASIAPROGRAM");
  EXPECT_EQ(found->session_token.Reveal(), "t");
  EXPECT_EQ(found->expires, base::ParseRfc3339("2026-01-02T04:04:05Z"));

  outcome = {.exit_code = 3, .output = {}, .errors = "no login\n"};
  const auto failed = Fetch({.profile = "p"});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "/opt/my tool ended with exit code 3");
  EXPECT_EQ(failed.error().details, std::vector<std::string>{"no login"});
  outcome = {.exit_code = 0, .output = R"({"Version":2})", .errors = {}};
  EXPECT_EQ(Found({.profile = "p"}), "/opt/my tool printed another \"Version\" than 1");
}

TEST_F(FetchAwsCredentials, TakesTheLoginOfIamIdentityCenter) {
  aws_.sso_token = "sso-token";
  const std::string settings = "sso_account_id = 123456789012\nsso_role_name = Reader\n";
  Write(".aws/config", base::Cat("[sso-session ours]\nsso_start_url = https://ours.awsapps.com/start\nsso_region = eu-west-1\n",
                                 "[profile s]\nsso_session = ours\n", settings,
                                 "[profile legacy]\nsso_start_url = https://ours.awsapps.com/start\nsso_region = eu-west-1\n",
                                 settings, "[profile other]\nsso_session = ours\nsso_region = us-east-1\n", settings));
  // The names are `printf %s ours | sha1sum` and that of the start URL.
  const std::string by_session = ".aws/sso/cache/48537f613ab85111413f2369616ae97481429bd1.json";
  const std::string by_url = ".aws/sso/cache/ba2f5ad2fa0b099e9d4f4e5195464e38cddbfb3d.json";

  EXPECT_NE(Found({.profile = "s"}).find("is missing: run `aws sso login --profile s`"), std::string::npos);
  Write(by_session, R"({"accessToken":"sso-token","expiresAt":"2026-01-02T03:04:04Z"})");
  EXPECT_NE(Found({.profile = "s"}).find("has expired: run"), std::string::npos) << Found({.profile = "s"});
  Write(by_session, R"({"accessToken":"stale","expiresAt":"2026-01-02T05:04:05Z"})");
  EXPECT_NE(Found({.profile = "s"}).find("is not accepted any more"), std::string::npos) << Found({.profile = "s"});
  Write(by_session, R"({"accessToken":"sso-token","expiresAt":"2026-01-02T05:04:05Z"})");
  EXPECT_EQ(Found({.profile = "s"}), "ASIA-sso-123456789012-Reader");
  EXPECT_EQ(Fetch({.profile = "s"})->expires, base::ParseRfc3339("2026-01-02T04:04:05Z"));
  Write(by_url, R"({"accessToken":"sso-token","expiresAt":"2026-01-02T05:04:05Z"})");
  EXPECT_EQ(Found({.profile = "legacy"}), "ASIA-sso-123456789012-Reader");
  EXPECT_EQ(Found({.profile = "other"}), "the profile \"other\" and its sso-session have different values of sso_region");
}

TEST_F(FetchAwsCredentials, TakesWhatAwsLoginLeft) {
  Write(".aws/config", "[profile l]\nlogin_session = arn:aws:iam::123456789012:user/u\n");
  EXPECT_EQ(Found({.profile = "l"}), "the login of the profile \"l\" is missing: run `aws login --profile l`");
  // `printf %s arn:aws:iam::123456789012:user/u | sha256sum`
  const std::string file = ".aws/login/cache/88929adfce05bf7ccf2ae7272cfbb0b23141302ba0339a173f53232e95660515.json";
  const auto write = [&](const char* expires) {
    Write(file, base::Cat(R"({"accessToken":{"accessKeyId":"ASIALOGIN","secretAccessKey":"s","sessionToken":"t","expiresAt":")",
                          expires, R"("}})"));
  };
  write("2026-01-02T03:04:06Z");
  EXPECT_EQ(Found({.profile = "l"}), "ASIALOGIN");
  write("2026-01-02T03:04:05Z");
  EXPECT_NE(Found({.profile = "l"}).find("has expired"), std::string::npos);
}

TEST_F(FetchAwsCredentials, AsksTheInstanceOverIpv6WhenToldTo) {
  aws_.is_instance = true;
  environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
  EXPECT_EQ(Found(), "ASIAINSTANCE");
  EXPECT_TRUE(aws_.transport().requests().front().url.starts_with("http://[fd00:ec2::254]/latest/"));
  environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv5";
  EXPECT_NE(Found().find("is neither IPv4 nor IPv6"), std::string::npos) << Found();
}

TEST_F(FetchAwsCredentials, TheRoleCarriesPolicyTagsAndSourceIdentity) {
  const AwsSettings settings{.access_key_id = "AKIAGIVEN",
                             .secret_access_key = Secret("x"),
                             .role = {{.arn = "arn:1",
                                       .source_identity = "me",
                                       .policy = "{}",
                                       .policy_arns = {"arn:p1", "arn:p2"},
                                       .tags = {{"a", "1"}, {"b", ""}},
                                       .transitive_tag_keys = {"a"}}}};
  ASSERT_TRUE(Fetch(settings));

  const std::string body = aws_.transport().requests().back().body;
  EXPECT_NE(body.find("&SourceIdentity=me&Policy=%7B%7D&PolicyArns.member.1.arn=arn%3Ap1&PolicyArns.member.2.arn=arn%3Ap2"
                      "&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=b&Tags.member.2.Value="
                      "&TransitiveTagKeys.member.1=a&"),
            std::string::npos)
      << body;
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
