// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/token.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>
#include <vector>

#include "base/text.h"
#include "tests/engine/vendors/azure/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/handler_transport.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_certificate.h"

namespace tests::azure_token {
namespace {

using base::ErrorKind;
using base::Secret;
using engine::vendors::azure::AzureMethod;
using engine::vendors::azure::AzureSettings;
using engine::vendors::azure::AzureTokens;
using std::chrono::minutes;

std::optional<std::string> NoEnvironment(const char*) { return std::nullopt; }

base::Result<base::ProgramOutcome> RunNothing(const base::Call&, const engine::connections::UserProgram&) {
  return base::Error{ErrorKind::kNotFound, "there is no program"};
}

std::optional<std::string> AppEnvironment(const char* name) {
  if (std::string_view(name) == "IDENTITY_ENDPOINT") return "http://app.test/msi/token";
  if (std::string_view(name) == "IDENTITY_HEADER") return "app-header";
  return std::nullopt;
}

AzureSettings With(AzureMethod method) {
  return {.method = method,
          .authority_url = FakeAzure::kLogin,
          .tenant_id = FakeAzure::kTenant,
          .client_id = FakeAzure::kClient,
          .client_secret = Secret(FakeAzure::kSecret),
          .client_certificate = Secret(FakeAzure::CertificatePem())};
}

class AzureToken : public testing::Test {
 protected:
  base::Result<Secret> Get(AzureTokens& tokens, const std::string& resource = FakeAzure::kUrl) {
    return tokens.Get(clock_.Call(), fake_, resource);
  }
  base::Result<Secret> Get(const AzureSettings& settings) {
    AzureTokens tokens(settings, NoEnvironment, RunNothing);
    return Get(tokens);
  }
  // Expects a failure.
  base::Error Fail(const AzureSettings& settings) {
    const auto token = Get(settings);
    EXPECT_FALSE(token);
    return token ? base::Error{} : token.error();
  }

  FakeAzure fake_;
  FakeClock clock_;
};

TEST_F(AzureToken, ComesForASecretACertificateAndAFederatedToken) {
  TempDir folder;
  AzureSettings federated = With(AzureMethod::kFederatedToken);
  federated.token_file = (folder.path() / "token").string();
  std::ofstream(federated.token_file) << FakeAzure::kForeignToken << "\n";

  for (const AzureSettings& settings : {With(AzureMethod::kSecret), With(AzureMethod::kCertificate), federated}) {
    const auto token = Get(settings);
    EXPECT_TRUE(token) << token.error().message;
  }
}

TEST_F(AzureToken, ComesFromVirtualMachinesAndFromAppService) {
  AzureTokens machine(With(AzureMethod::kManagedIdentity), NoEnvironment, RunNothing);
  AzureTokens app(With(AzureMethod::kManagedIdentity), AppEnvironment, RunNothing);

  for (AzureTokens* tokens : {&machine, &app}) {
    const auto token = Get(*tokens);
    EXPECT_TRUE(token) << token.error().message;
  }
  // Both last a day.
  clock_.Advance(std::chrono::hours(23));
  EXPECT_TRUE(Get(machine));
  EXPECT_TRUE(Get(app));
  EXPECT_EQ(fake_.CountTokens(), 2U);
}

// Of a request to a machine's endpoint, which does not matter otherwise.
std::string MachineQuery(const AzureSettings& settings, base::EnvironmentReader environment) {
  FakeClock clock;
  HandlerTransport machine([](const base::Call&, const base::http::Request&) {
    return base::http::Response{.status = 200, .body = R"({"access_token":"t","expires_in":"60"})"};
  });
  AzureTokens tokens(settings, std::move(environment), RunNothing);
  EXPECT_TRUE(tokens.Get(clock.Call(), machine, "r"));
  const std::string url = machine.requests().front().url;
  return url.substr(url.find('&'));
}

TEST_F(AzureToken, NamesTheManagedIdentityAsTheEndpointWantsIt) {
  const AzureSettings by_object{.method = AzureMethod::kManagedIdentity, .object_id = "o"};
  const AzureSettings by_resource{.method = AzureMethod::kManagedIdentity, .resource_id = "/r/i"};

  EXPECT_EQ(MachineQuery({.method = AzureMethod::kManagedIdentity, .client_id = "c"}, NoEnvironment), "&resource=r&client_id=c");
  EXPECT_EQ(MachineQuery(by_object, NoEnvironment), "&resource=r&object_id=o");
  EXPECT_EQ(MachineQuery(by_resource, NoEnvironment), "&resource=r&msi_res_id=%2Fr%2Fi");
  EXPECT_EQ(MachineQuery(by_resource, AppEnvironment), "&resource=r&mi_res_id=%2Fr%2Fi");
}

TEST_F(AzureToken, IsKeptUntilFiveMinutesBeforeItExpires) {
  AzureTokens tokens(With(AzureMethod::kSecret), NoEnvironment, RunNothing);

  for (const int minute : {0, 54, 1}) {
    clock_.Advance(minutes(minute));
    ASSERT_TRUE(Get(tokens));
  }

  EXPECT_EQ(fake_.CountTokens(), 2U);
}

TEST_F(AzureToken, IsOneForEachResource) {
  AzureTokens tokens(With(AzureMethod::kSecret), NoEnvironment, RunNothing);

  const auto manage = Get(tokens);
  const auto vault = Get(tokens, "https://vault.azure.net");

  ASSERT_TRUE(manage && vault);
  EXPECT_FALSE(*manage == *vault);
  EXPECT_NE(fake_.requests().back().body.find("scope=https%3A%2F%2Fvault.azure.net%2F.default"), std::string::npos);
}

TEST_F(AzureToken, ServesWhileItLastsWhenRenewalFails) {
  AzureTokens tokens(With(AzureMethod::kSecret), NoEnvironment, RunNothing);
  ASSERT_TRUE(Get(tokens));
  fake_.ExpireSecret();

  clock_.Advance(minutes(58));
  EXPECT_TRUE(Get(tokens));
  clock_.Advance(minutes(2));
  EXPECT_FALSE(Get(tokens));
}

TEST_F(AzureToken, IsFetchedOnceForManyThreads) {
  AzureTokens tokens(With(AzureMethod::kSecret), NoEnvironment, RunNothing);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) threads.emplace_back([&] { EXPECT_TRUE(Get(tokens)); });
  }

  EXPECT_EQ(fake_.CountTokens(), 1U);
}

TEST_F(AzureToken, ARefusalTellsEntrasCodeAndFirstLineAndNoSecret) {
  AzureSettings settings = With(AzureMethod::kSecret);
  settings.client_secret = Secret("wrong-canary");

  const base::Error error = Fail(settings);

  EXPECT_EQ(error.kind, ErrorKind::kDenied);
  EXPECT_EQ(error.code, "AADSTS7000215");
  EXPECT_EQ(error.message, "Microsoft Entra ID answered 401: Invalid client secret provided. (AADSTS7000215)");
}

TEST_F(AzureToken, RefusalsAreToldApart) {
  AzureSettings no_tenant = With(AzureMethod::kSecret);
  no_tenant.tenant_id = "nowhere.test";
  AzureSettings no_client = With(AzureMethod::kSecret);
  no_client.client_id = "00000000-0000-0000-0000-000000000000";
  AzureSettings stranger = With(AzureMethod::kCertificate);
  stranger.client_certificate = Secret(FakeAzure::StrangersPem());

  EXPECT_EQ(Fail(no_tenant).code, "AADSTS90002");
  EXPECT_EQ(Fail(no_client).code, "AADSTS700016");
  EXPECT_EQ(Fail(no_client).kind, ErrorKind::kDenied);
  EXPECT_EQ(Fail(stranger).code, "AADSTS700027");
  EXPECT_EQ(Fail(stranger).kind, ErrorKind::kDenied);
}

TEST_F(AzureToken, AMissingTokenFileIsNamed) {
  AzureSettings settings = With(AzureMethod::kFederatedToken);
  settings.token_file = "/nowhere/token";

  const base::Error error = Fail(settings);

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_EQ(error.message, "the token file /nowhere/token cannot be read");
}

TEST_F(AzureToken, OnAMachineElsewhereSaysSo) {
  HandlerTransport nobody([](const base::Call& call, const base::http::Request&) -> base::Result<base::http::Response> {
    return call.Wait(std::chrono::hours(1)).error();
  });
  AzureTokens tokens(With(AzureMethod::kManagedIdentity), NoEnvironment, RunNothing);
  const auto start = clock_.Now();

  const auto token = tokens.Get(clock_.Call(), nobody, FakeAzure::kUrl);

  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(token.error().message.find("works on machines at Azure only"), std::string::npos) << token.error().message;
  EXPECT_EQ(clock_.Now() - start, std::chrono::seconds(10));
}

TEST(AzureCertificate, TakesKeyAndCertificateInAnyOrder) {
  EXPECT_TRUE(engine::vendors::azure::ParseAzureCertificate(Secret(FakeAzure::CertificatePem())));
  EXPECT_TRUE(engine::vendors::azure::ParseAzureCertificate(Secret(FakeAzure::StrangersPem())));
}

TEST(AzureCertificate, SaysWhatIsWrong) {
  const auto ec = MakeTestCertificate({.common_name = "ec"});
  const std::string pem = FakeAzure::CertificatePem();
  const std::string key = pem.substr(pem.find("-----BEGIN PRIVATE"));
  const std::pair<std::string, std::string> mistakes[]{
      {"canary", "neither PEM nor a PKCS #12"},
      {"MIICanar", "no PKCS #12 file"},
      {key, "certificate cannot be read"},
      {pem.substr(0, pem.find("-----BEGIN PRIVATE")), "private key cannot be read"},
      {ec.pem + std::string(ec.key.ToPem().Reveal()), "not RSA"},
      {key + ec.pem, "belongs to none"},
  };
  for (const auto& [text, problem] : mistakes) {
    const auto parsed = engine::vendors::azure::ParseAzureCertificate(Secret(text));

    ASSERT_FALSE(parsed) << problem;
    EXPECT_NE(parsed.error().message.find(problem), std::string::npos) << parsed.error().message;
  }
}

TEST(AzureClouds, HaveTheirOwnAddresses) {
  EXPECT_EQ(engine::vendors::azure::FindAzureCloud("public")->authority_url, FakeAzure::kLogin);
  EXPECT_EQ(engine::vendors::azure::FindAzureCloud("usgovernment")->management_url, "https://management.usgovcloudapi.net");
  EXPECT_EQ(engine::vendors::azure::FindAzureCloud("china")->authority_url, "https://login.chinacloudapi.cn");
  EXPECT_EQ(engine::vendors::azure::FindAzureCloud("germany"), nullptr);
}

class AzureCli : public testing::Test {
 protected:
  // What comes of an az that does this; the arguments it got are kept.
  base::Result<Secret> Get(base::Result<base::ProgramOutcome> done, const std::string& tenant = "") {
    AzureTokens tokens({.method = AzureMethod::kCli, .tenant_id = tenant}, NoEnvironment,
                       [&](const base::Call&, const engine::connections::UserProgram& program) {
                         asked_.push_back(base::Join(program.arguments, " "));
                         return done;
                       });
    auto token = tokens.Get(clock_.Call(), none_, "https://vault.azure.net");
    clock_.Advance(minutes(50));
    if (token) {
      EXPECT_TRUE(tokens.Get(clock_.Call(), none_, "https://vault.azure.net"));
    }
    return token;
  }
  // As az prints it; the clock starts at 1767323045, 2026-01-02 03:04:05 UTC.
  static base::ProgramOutcome Printed(const std::string& expiry) {
    return {.exit_code = 0,
            .output = base::Cat("{\n  \"accessToken\": \"cli-token-canary\",\n  ", expiry, ",\n  \"tokenType\": \"Bearer\"\n}\n"),
            .errors = "WARNING: something"};
  }

  FakeAzure none_;
  FakeClock clock_;
  std::vector<std::string> asked_;
};

TEST_F(AzureCli, AsksForTheResourceAndKeepsTheTokenUntilItExpires) {
  const auto token = Get(Printed("\"expires_on\": 1767326945"), FakeAzure::kTenant);

  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->Reveal(), "cli-token-canary");
  EXPECT_EQ(asked_, std::vector<std::string>{base::Cat("az account get-access-token --resource https://vault.azure.net "
                                                       "--output json --tenant ",
                                                       FakeAzure::kTenant)});
  EXPECT_TRUE(none_.requests().empty());
}

TEST_F(AzureCli, ReadsTheLocalTimeOfOlderOnes) {
  setenv("TZ", "UTC-2", 1);  // two hours ahead of UTC
  tzset();
  const auto token = Get(Printed("\"expiresOn\": \"2026-01-02 06:09:05.000000\""));
  unsetenv("TZ");
  tzset();

  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(AzureCli, SaysThatAzIsMissing) {
  const auto token = Get(base::Error{ErrorKind::kNotFound, "there is no program az"});

  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(token.error().message.find("az is not installed"), std::string::npos) << token.error().message;
}

TEST_F(AzureCli, ShowsWhatAzSaysWhenNobodyIsLoggedIn) {
  const auto token =
      Get(base::ProgramOutcome{.exit_code = 1, .output = {}, .errors = "ERROR: Please run 'az login' to setup account.\n"});

  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(token.error().details, std::vector<std::string>{"ERROR: Please run 'az login' to setup account."});
}

TEST_F(AzureCli, AnOutputWithoutATokenShowsNothingOfIt) {
  const auto token = Get(base::ProgramOutcome{.exit_code = 0, .output = "secret-canary", .errors = {}});

  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().kind, ErrorKind::kProtocol);
  EXPECT_EQ(token.error().message.find("canary"), std::string::npos);
}

}  // namespace
}  // namespace tests::azure_token
