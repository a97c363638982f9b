// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/connection.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "engine/vendors/catalog.h"
#include "tests/support/fake_clock.h"
#include "tests/support/handler_transport.h"
#include "tests/support/log_capture.h"
#include "tests/support/settings.h"

namespace tests::aws_connection {
namespace {

using base::ErrorKind;
using base::http::Request;
using base::http::Response;
using engine::connections::Connection;

constexpr const char* kRole = "arn:aws:iam::123456789012:role/dns";

Connection WithKey() {
  Connection connection{
      .kind = "aws", .id = "c", .settings = ConnectionSettings("aws", {{"access_key_id", "AKIAIOSFODNN7EXAMPLE"}})};
  Put(connection.settings, "secret_access_key", base::Secret("secret-canary-1"));
  return connection;
}

Connection With(std::string_view field, std::string_view value) {
  Connection connection{.kind = "aws", .id = "c", .settings = ConnectionSettings("aws")};
  Put(connection.settings, field, std::string(value));
  return connection;
}

const engine::connections::ConnectionSpec& Spec() { return *engine::vendors::FindConnection("aws"); }

Response Refusal(std::string_view code) {
  return {.status = 403, .body = base::Cat("<ErrorResponse><Error><Code>", code, "</Code></Error></ErrorResponse>")};
}

base::Result<void> Check(const Connection& connection, HandlerTransport& transport) {
  FakeClock clock;
  return Spec().check(clock.Call(), connection, {.http = &transport, .random = &base::SystemRandom()});
}

// The field that is blamed when AWS refuses with `code`.
std::string BlamedFor(const Connection& connection, std::string_view code) {
  HandlerTransport transport([&](const base::Call&, const Request&) { return Refusal(code); });
  const auto checked = Check(connection, transport);
  EXPECT_FALSE(checked);
  return checked ? "" : checked.error().blame.attribute;
}

TEST(AwsValidate, AcceptsEachPartition) {
  const std::pair<const char*, const char*> kPairs[]{{"eu-west-1", kRole},
                                                     {"cn-north-1", "arn:aws-cn:iam::123456789012:role/dns"},
                                                     {"us-gov-west-1", "arn:aws-us-gov:iam::123456789012:role/path/dns"}};
  for (const auto& [region, arn] : kPairs) {
    Connection connection = WithKey();
    Put(connection.settings, "region", region);
    Put(connection.settings, "assume_role.role_arn", arn);

    EXPECT_TRUE(Spec().validate(connection).empty()) << region;
  }
}

TEST(AwsValidate, PointsAtTheFieldThatIsWrong) {
  const std::pair<std::string_view, std::string_view> kMistakes[]{{"access_key_id", "mine"},
                                                                  {"access_key_id", "wJalrXUtnFEMI/K7MDENG+bPxRfi"},
                                                                  {"region", "Ireland"},
                                                                  {"region", "eu_west_1"},
                                                                  {"assume_role.role_arn", "dns"},
                                                                  {"assume_role.role_arn", "arn:aws:iam::123456789012:user/dns"},
                                                                  {"assume_role.role_arn", "arn:aws:iam::1234:role/dns"},
                                                                  {"assume_role.external_id", "a b"},
                                                                  {"assume_role.session_name", "x"},
                                                                  {"assume_role.session_name", "a/b"},
                                                                  {"assume_role.duration", "5m"},
                                                                  {"assume_role.duration", "13h"},
                                                                  {"assume_role.duration", "soon"},
                                                                  {"endpoint_url", "localhost:4566"}};
  for (const auto& [field, value] : kMistakes) {
    Connection connection = WithKey();
    Put(connection.settings, field, std::string(value));
    const auto problems = Spec().validate(connection);

    ASSERT_EQ(problems.size(), 1U) << field << " = " << value;
    EXPECT_EQ(problems.front().field, field) << value;
  }
}

TEST(AwsValidate, ARoleOfAnotherPartitionThanTheRegionIsAMistake) {
  Connection connection = With("region", "cn-north-1");
  Put(connection.settings, "assume_role.role_arn", kRole);

  const auto problems = Spec().validate(connection);

  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().message, "The role is of the partition aws, but the region cn-north-1 is of aws-cn.");
}

TEST(AwsValidate, KeyAndProfileExcludeEachOther) {
  Connection connection = WithKey();
  Put(connection.settings, "profile", "ci");

  ASSERT_EQ(Spec().validate(connection).size(), 1U);
  EXPECT_EQ(Spec().validate(connection).front().field, "profile");
}

TEST(AwsValidate, NeedsNoKeyAndNeverHalfOfOne) {
  EXPECT_TRUE(Spec().validate({.kind = "aws", .id = "", .settings = ConnectionSettings("aws")}).empty());

  // At the field that is missing, which callers skip while it is not known yet.
  const auto half = Spec().validate(With("access_key_id", "AKIAIOSFODNN7EXAMPLE"));
  ASSERT_EQ(half.size(), 1U);
  EXPECT_EQ(half.front().field, "secret_access_key");
}

TEST(FindAwsSession, WantsIdAndSecretTogether) {
  Connection no_id = WithKey();
  no_id.settings.Unset("access_key_id");

  const auto no_secret = engine::vendors::aws::FindAwsSession(With("access_key_id", "AKIAIOSFODNN7EXAMPLE"), {});
  const auto without_id = engine::vendors::aws::FindAwsSession(no_id, {});

  ASSERT_FALSE(no_secret);
  EXPECT_EQ(no_secret.error().blame.attribute, "secret_access_key");
  ASSERT_FALSE(without_id);
  EXPECT_EQ(without_id.error().blame.attribute, "access_key_id");
}

TEST(FindAwsSession, EqualConnectionsShareOne) {
  Connection other = WithKey();
  other.id = "another";
  Connection role = WithKey();
  Put(role.settings, "assume_role.role_arn", kRole);

  const engine::connections::Deps deps;

  const auto session = *engine::vendors::aws::FindAwsSession(WithKey(), deps);

  EXPECT_EQ(session, *engine::vendors::aws::FindAwsSession(other, deps));
  EXPECT_NE(session, *engine::vendors::aws::FindAwsSession(role, deps));
  EXPECT_NE(session, *engine::vendors::aws::FindAwsSession(WithKey(), {})) << "another configured provider";
}

TEST(AwsCheck, AsksWhoseCredentialsTheseAre) {
  HandlerTransport transport([](const base::Call&, const Request&) {
    return Response{.status = 200,
                    .body =
                        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ci</Arn>"
                        "</GetCallerIdentityResult></GetCallerIdentityResponse>"};
  });
  Connection connection = WithKey();
  Put(connection.settings, "region", "cn-north-1");

  const auto checked = Check(connection, transport);

  EXPECT_TRUE(checked) << checked.error().message;
  const Request sent = transport.requests().front();
  EXPECT_EQ(sent.url, "https://sts.cn-north-1.amazonaws.com.cn/");
  EXPECT_EQ(sent.body, "Action=GetCallerIdentity&Version=2011-06-15");
  EXPECT_NE(HeaderOf(sent, "Authorization").find("AKIAIOSFODNN7EXAMPLE/"), std::string::npos);
}

TEST(AwsCheck, BlamesTheFieldThatAwsRefuses) {
  Connection temporary = WithKey();
  Put(temporary.settings, "session_token", base::Secret("token-canary-2"));
  Connection role = WithKey();
  Put(role.settings, "assume_role.role_arn", kRole);

  EXPECT_EQ(BlamedFor(WithKey(), "InvalidClientTokenId"), "access_key_id");
  EXPECT_EQ(BlamedFor(WithKey(), "SignatureDoesNotMatch"), "secret_access_key");
  EXPECT_EQ(BlamedFor(temporary, "InvalidClientTokenId"), "session_token");
  EXPECT_EQ(BlamedFor(temporary, "ExpiredToken"), "session_token");
  EXPECT_EQ(BlamedFor(role, "AccessDenied"), "assume_role.role_arn");
}

TEST(AwsCheck, ABlamedFieldIsTheConnectionsAndAwsCodeStays) {
  HandlerTransport transport([](const base::Call&, const Request&) { return Refusal("SignatureDoesNotMatch"); });

  const auto checked = Check(WithKey(), transport);

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame, engine::connections::ConnectionField("secret_access_key"));
  EXPECT_EQ(checked.error().code, "SignatureDoesNotMatch");
}

TEST(AwsCheck, ACheckOfARoleTakesItOn) {
  HandlerTransport transport([](const base::Call&, const Request& request) {
    if (request.body.find("Action=GetCallerIdentity") != std::string::npos) return Response{.status = 200, .body = "<a/>"};
    return Response{.status = 200,
                    .body =
                        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>"
                        "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
                        "<Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"};
  });
  Connection connection = WithKey();
  Put(connection.settings, "assume_role.role_arn", kRole);
  Put(connection.settings, "assume_role.external_id", "checked-role");
  Put(connection.settings, "assume_role.duration", "30m");

  const auto checked = Check(connection, transport);

  EXPECT_TRUE(checked) << checked.error().message;
  const auto sent = transport.requests();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_NE(sent[0].body.find("ExternalId=checked-role"), std::string::npos) << sent[0].body;
  EXPECT_NE(sent[0].body.find("DurationSeconds=1800"), std::string::npos) << sent[0].body;
  EXPECT_NE(HeaderOf(sent[1], "Authorization").find("Credential=ASIAROLE/"), std::string::npos);
}

TEST(AwsCheck, SaysNoSecret) {
  Connection connection = WithKey();
  Put(connection.settings, "session_token", base::Secret("token-canary-2"));
  const auto log = std::make_shared<LogCapture>();
  FakeClock clock;
  base::Call call = clock.Call();
  call.log = base::Log(log);
  HandlerTransport transport([](const base::Call&, const Request&) { return Refusal("SignatureDoesNotMatch"); });

  const auto checked = Spec().check(call, connection, {.http = &transport, .random = &base::SystemRandom()});

  ASSERT_FALSE(checked);
  const std::string said = base::Cat(log->text(), checked.error().message, base::Join(checked.error().details, "\n"));
  EXPECT_NE(said.find("sts.us-east-1.amazonaws.com"), std::string::npos) << said;
  EXPECT_EQ(said.find("canary"), std::string::npos) << said;
}

std::string AccountOf(const std::string& key_id, const std::string& role = "") {
  Connection connection = With("access_key_id", key_id);
  if (!role.empty()) Put(connection.settings, "assume_role.role_arn", role);
  return Spec().account(connection);
}

// The pairs are of https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489
TEST(AwsAccount, IsReadOutOfTheKeysId) {
  EXPECT_EQ(AccountOf("ASIAY34FZKBOKMUTVV7A"), "609629065308");
  EXPECT_EQ(AccountOf("ASIAQNZGKIQY56JQ7WML"), "029608264753");
}

TEST(AwsAccount, IsTheSameForEveryKeyOfIt) { EXPECT_EQ(AccountOf("AKIAY34FZKBOAAAAAAAA"), AccountOf("ASIAY34FZKBOKMUTVV7A")); }

TEST(AwsAccount, AKeyThatDoesNotTellStandsForItself) {
  EXPECT_EQ(AccountOf("AKIAIOSFODNN7EXAMPLE"), "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(AccountOf("AKIA0189018901890189"), "AKIA0189018901890189");
  EXPECT_EQ(AccountOf("ASIAY34FZKBOKMUTVV7A9"), "ASIAY34FZKBOKMUTVV7A9");
}

TEST(AwsAccount, IsTheRolesWhereOneIsTakenOn) {
  EXPECT_EQ(AccountOf("ASIAY34FZKBOKMUTVV7A", kRole), "");
  EXPECT_EQ(Spec().account(With("profile", "dns")), "");
}

}  // namespace
}  // namespace tests::aws_connection
