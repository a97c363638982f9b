// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/google/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/settings.h"

namespace tests::google_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("google_cloud"); }

Connection With(const std::string& credentials, std::map<std::string, std::string> settings = {}) {
  Connection connection{.kind = "google_cloud", .id = "c", .settings = ConnectionSettings("google_cloud")};
  for (auto& [name, value] : settings) Put(connection.settings, name, value);
  if (!credentials.empty()) Put(connection.settings, "credentials_json", base::Secret(credentials));
  return connection;
}

base::Result<void> Check(const Connection& connection) {
  const ScopedVariable folder("CLOUDSDK_CONFIG", "/nowhere");
  FakeGoogle fake;
  FakeClock clock;
  return Spec().check(clock.Call(), connection, {.http = &fake});
}

TEST(GoogleCloudValidate, AcceptsKeysFederationsAndNothing) {
  EXPECT_TRUE(Spec().validate(With(FakeGoogle::KeyFile())).empty());
  EXPECT_TRUE(Spec().validate(With(FakeGoogle::FederationFile(), {{"project", "example.com:my-project"}})).empty());
  EXPECT_TRUE(Spec().validate(With("")).empty());
}

TEST(GoogleCloudValidate, PointsAtTheFieldThatIsWrong) {
  const std::pair<Connection, std::string> mistakes[]{
      {With("key.json"), "credentials_json"},
      {With(R"({"type": "authorized_user", "refresh_token": "canary"})"), "credentials_json"},
      {With(R"({"type": "service_account", "client_email": "a@b"})"), "credentials_json"},
      {With(R"({"type": "service_account", "client_email": "a@b", "private_key": "canary"})"), "credentials_json"},
      {With(R"({"type": "external_account", "audience": "a", "subject_token_type": "t", "token_url": "u",
                "credential_source": {"environment_id": "aws1"}})"),
       "credentials_json"},
      {With(R"({"type": "external_account", "audience": "a", "subject_token_type": "t", "token_url": "http://sts.example.com/",
                "credential_source": {"file": "/token"}})"),
       "credentials_json"},
      {With(R"({"type": "external_account", "audience": "a", "subject_token_type": "t", "token_url": "https://sts.example.com/",
                "service_account_impersonation_url": "http://iam.example.com/", "credential_source": {"file": "/token"}})"),
       "credentials_json"},
      {With(R"({"type": "impersonated_service_account", "source_credentials": {"type": "authorized_user"}})"),
       "credentials_json"},
      {With(R"({"type": "authorized_user", "client_id": "c", "client_secret": "canary", "refresh_token": "canary",
                "universe_domain": "example.goog"})"),
       "credentials_json"},
      {With("", {{"project", "My Project"}}), "project"},
      {With("", {{"impersonate_service_account", "dns-admin"}}), "impersonate_service_account"},
      {With("", {{"endpoint_url", "dns.test"}}), "endpoint_url"}};
  for (const auto& [connection, field] : mistakes) {
    const auto problems = Spec().validate(connection);

    ASSERT_EQ(problems.size(), 1u) << field;
    EXPECT_EQ(problems.front().field, field);
    EXPECT_EQ(problems.front().message.find("canary"), std::string::npos) << problems.front().message;
  }
}

TEST(GoogleCloudCheck, AcceptsEachKindOfCredentials) {
  const Connection kinds[]{With(FakeGoogle::KeyFile()),
                           With(FakeGoogle::KeyFile(), {{"impersonate_service_account", FakeGoogle::kImpersonated}}),
                           With(FakeGoogle::FederationFile(), {{"project", "p"}}), With("", {{"project", "p"}})};
  for (const Connection& connection : kinds) {
    const auto checked = Check(connection);
    EXPECT_TRUE(checked) << checked.error().message;
  }
}

TEST(GoogleCloudCheck, AnUnknownAccountBlamesTheCredentials) {
  const auto checked = Check(With(FakeGoogle::KeyFile("stranger@p.iam.gserviceaccount.com")));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "credentials_json");
  EXPECT_EQ(checked.error().message, "Google's token server answered 400: Invalid grant: account not found (invalid_grant)");
}

TEST(GoogleCloudCheck, ARefusedImpersonationBlamesIt) {
  const auto checked = Check(With(FakeGoogle::KeyFile(), {{"impersonate_service_account", "other@p.iam.gserviceaccount.com"}}));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "impersonate_service_account");
}

TEST(GoogleCloudCheck, WithoutAProjectAnywhereSaysSo) {
  const auto checked = Check(With(FakeGoogle::FederationFile()));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "project");
}

TEST(GoogleCloudAccount, IsTheProjectWhereNoneIsSet) {
  EXPECT_EQ(Spec().account(With(FakeGoogle::KeyFile())), "project-1");
  EXPECT_EQ(Spec().account(With(FakeGoogle::KeyFile("other@project-1.iam.gserviceaccount.com"))), "project-1");
  EXPECT_EQ(Spec().account(With(FakeGoogle::KeyFile(), {{"project", "zones"}})), "");
  EXPECT_EQ(Spec().account(With("canary")), "");
  EXPECT_EQ(Spec().account(With("")), "");
}

}  // namespace
}  // namespace tests::google_connection
