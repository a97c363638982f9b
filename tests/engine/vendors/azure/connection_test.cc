// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/connection.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/azure/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"
#include "tests/support/temp_dir.h"

namespace tests::azure_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("azure"); }

Connection With(std::map<std::string, std::string> settings, std::map<std::string, std::string> secrets = {}) {
  Connection connection{
      .kind = "azure",
      .id = "c",
      .settings = ConnectionSettings("azure", {{"tenant_id", FakeAzure::kTenant}, {"client_id", FakeAzure::kClient}})};
  for (auto& [name, value] : settings) Put(connection.settings, name, value);
  for (auto& [name, value] : secrets) Put(connection.settings, name, base::Secret(value));
  return connection;
}

Connection WithSecret(std::map<std::string, std::string> settings = {}, const std::string& secret = FakeAzure::kSecret) {
  return With(std::move(settings), {{"client_secret", secret}});
}

base::Result<void> Check(const Connection& connection, bool one_zone_only = false) {
  FakeAzure fake;
  if (one_zone_only) fake.AllowOneZoneOnly();
  FakeClock clock;
  return Spec().check(clock.Call(), connection, {.http = &fake});
}

// What a cluster with workload identity puts into the environment.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

TEST(AzureValidate, AcceptsEachWayToAuthenticate) {
  for (const Connection& connection :
       {WithSecret(), WithSecret({{"tenant_id", "contoso.onmicrosoft.com"}, {"subscription_id", FakeAzure::kSubscription}}),
        With({}, {{"client_certificate_pem", FakeAzure::CertificatePem()}}), With({{"oidc_token_file", "/run/token"}}),
        With({{"use_managed_identity", "true"}}), With({{"use_cli", "true"}}), With({})}) {
    EXPECT_TRUE(Spec().validate(connection).empty());
  }
}

TEST(AzureValidate, PointsAtTheFieldThatIsWrong) {
  const std::pair<Connection, std::string> mistakes[]{
      {WithSecret({{"use_managed_identity", "true"}}), "use_managed_identity"},
      {WithSecret({{"oidc_token_file", "/run/token"}}), "oidc_token_file"},
      {WithSecret({{"use_cli", "true"}}), "use_cli"},
      {With({}, {{"client_secret", "a"}, {"client_certificate_pem", FakeAzure::CertificatePem()}}), "client_certificate_pem"},
      {With({}, {{"client_certificate_pem", "canary"}}), "client_certificate_pem"},
      {WithSecret({}, "two words canary"), "client_secret"},
      {WithSecret({{"tenant_id", "Contoso"}}), "tenant_id"},
      {WithSecret({{"client_id", "certwright"}}), "client_id"},
      {WithSecret({{"subscription_id", "Pay as you go"}}), "subscription_id"},
      {WithSecret({{"authority_url", "login.test"}}), "authority_url"},
      {WithSecret({{"endpoint_url", "management.test"}}), "endpoint_url"}};
  for (const auto& [connection, field] : mistakes) {
    const auto problems = Spec().validate(connection);

    ASSERT_EQ(problems.size(), 1U) << field;
    EXPECT_EQ(problems.front().field, field);
    EXPECT_EQ(problems.front().message.find("canary"), std::string::npos) << problems.front().message;
  }
}

TEST(AzureCheck, AcceptsRightCredentials) {
  TempDir folder;
  const std::string file = (folder.path() / "token").string();
  std::ofstream(file) << FakeAzure::kForeignToken;

  for (const Connection& connection : {WithSecret(), WithSecret({{"subscription_id", FakeAzure::kSubscription}}),
                                       With({}, {{"client_certificate_pem", FakeAzure::CertificatePem()}}),
                                       With({{"oidc_token_file", file}}), With({{"use_managed_identity", "true"}})}) {
    const auto checked = Check(connection);
    EXPECT_TRUE(checked) << checked.error().message;
  }
}

TEST(AzureCheck, ARoleOnOneZoneIsEnough) {
  const auto checked = Check(WithSecret({{"subscription_id", FakeAzure::kSubscription}}), true);

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(AzureCheck, WorkloadIdentityIsFoundInTheEnvironment) {
  TempDir folder;
  const std::string path = (folder.path() / "token").string();
  std::ofstream(path) << FakeAzure::kForeignToken;
  const Variable file("AZURE_FEDERATED_TOKEN_FILE", path);
  const Variable tenant("AZURE_TENANT_ID", FakeAzure::kTenant);
  const Variable client("AZURE_CLIENT_ID", FakeAzure::kClient);

  const auto checked = Check({.kind = "azure", .id = "c", .settings = ConnectionSettings("azure")});

  EXPECT_TRUE(checked) << checked.error().message;
}

// AKS sets no client id for a service account that names none.
TEST(AzureCheck, TheConfigurationSaysWhoseWorkloadIdentityItIs) {
  TempDir folder;
  const std::string path = (folder.path() / "token").string();
  std::ofstream(path) << FakeAzure::kForeignToken;
  const Variable file("AZURE_FEDERATED_TOKEN_FILE", path);

  const auto checked = Check(With({}));
  const auto unnamed = Check({.kind = "azure", .id = "c", .settings = ConnectionSettings("azure")});

  EXPECT_TRUE(checked) << checked.error().message;
  EXPECT_NE(unnamed.error().message.find("AZURE_TENANT_ID and AZURE_CLIENT_ID are not both set"), std::string::npos)
      << unnamed.error().message;
}

TEST(AzureCheck, BlamesTheFieldThatAzureRefuses) {
  const std::string zeros = "00000000-0000-0000-0000-000000000000";
  const std::pair<Connection, std::string> mistakes[]{
      {WithSecret({}, "wrong-secret-canary"), "client_secret"},
      {WithSecret({{"tenant_id", "nowhere.test"}}), "tenant_id"},
      {WithSecret({{"client_id", zeros}}), "client_id"},
      {WithSecret({{"subscription_id", zeros}}), "subscription_id"},
      {With({}, {{"client_certificate_pem", FakeAzure::StrangersPem()}}), "client_certificate_pem"},
      {With({{"oidc_token_file", "/nowhere/token"}}), "oidc_token_file"},
      {With({{"use_managed_identity", "true"}, {"client_id", zeros}}), "use_managed_identity"}};
  for (const auto& [connection, field] : mistakes) {
    const auto checked = Check(connection);

    ASSERT_FALSE(checked) << field;
    EXPECT_EQ(checked.error().blame.attribute, field) << checked.error().message;
    EXPECT_EQ(checked.error().message.find("canary"), std::string::npos) << checked.error().message;
  }
}

TEST(AzureCheck, SaysWhatIsMissing) {
  const std::pair<Connection, std::string> mistakes[]{{With({}), "client_secret"},
                                                      {WithSecret({{"tenant_id", ""}}), "tenant_id"},
                                                      {WithSecret({{"client_id", ""}}), "client_id"}};
  for (const auto& [connection, field] : mistakes) {
    const auto checked = Check(connection);

    ASSERT_FALSE(checked) << field;
    EXPECT_EQ(checked.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(checked.error().blame.attribute, field);
  }
}

TEST(AzureCheck, ALoginOfTheCommandLineToolNeedsNothingElse) {
  const TempDir folder;
  folder.Write("az", "#!/bin/sh\necho '{\"accessToken\": \"azure.token-canary.cli\", \"expires_on\": 4102444800}'\n");
  std::filesystem::permissions(folder / "az", std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  setenv("PATH", (folder.path().string() + ":" + path).c_str(), 1);

  const auto checked =
      Check({.kind = "azure",
             .id = "c",
             .settings = ConnectionSettings("azure", {{"use_cli", "true"}, {"subscription_id", FakeAzure::kSubscription}})});
  setenv("PATH", path.c_str(), 1);

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(AzureCheck, AMissingCommandLineToolIsBlamedOnUseCli) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  const auto checked = Check({.kind = "azure",
                              .id = "c",
                              .settings = ConnectionSettings("azure", {{"use_cli", "true"}, {"tenant_id", FakeAzure::kTenant}})});
  setenv("PATH", path.c_str(), 1);

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "use_cli") << checked.error().message;
}

}  // namespace
}  // namespace tests::azure_connection
