// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/cloudflare/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/cloudflare/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"

namespace tests::cloudflare_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("cloudflare"); }

Connection With(std::map<std::string, std::string> settings, std::map<std::string, std::string> secrets) {
  Connection connection{
      .kind = "cloudflare", .id = "c", .settings = ConnectionSettings("cloudflare", {{"endpoint_url", FakeCloudflare::kUrl}})};
  for (auto& [name, value] : settings) Put(connection.settings, name, value);
  for (auto& [name, value] : secrets) Put(connection.settings, name, base::Secret(value));
  return connection;
}

base::Result<void> Check(FakeCloudflare& api, const Connection& connection) {
  FakeClock clock;
  return Spec().check(clock.Call(), connection, {.http = &api, .random = &base::SystemRandom()});
}

TEST(CloudflareValidate, AcceptsATokenOrEmailAndKey) {
  EXPECT_TRUE(Spec().validate(With({}, {{"api_token", "abc\n"}})).empty());
  EXPECT_TRUE(Spec().validate(With({{"email", "a@b.test"}}, {{"api_key", "abc"}})).empty());
  // Callers skip a field that is not known yet.
  EXPECT_EQ(Spec().validate({.kind = "cloudflare", .id = {}, .settings = ConnectionSettings("cloudflare")}).front().field,
            "api_token");
}

TEST(CloudflareValidate, PointsAtTheFieldThatIsWrong) {
  const std::tuple<std::map<std::string, std::string>, std::map<std::string, std::string>, std::string> mistakes[]{
      {{}, {{"api_token", "Bearer abc"}}, "api_token"},
      {{}, {{"api_token", ""}}, "api_token"},
      {{}, {{"api_token", "a"}, {"api_key", "b"}}, "api_key"},
      {{{"email", "a@b.test"}}, {{"api_token", "a"}}, "email"},
      {{{"email", "nobody"}}, {{"api_key", "a"}}, "email"},
      {{{"endpoint_url", "api.cloudflare.com"}}, {{"api_token", "a"}}, "endpoint_url"},
      {{{"endpoint_url", "https://proxy.test/?to=cloudflare"}}, {{"api_token", "a"}}, "endpoint_url"},
  };
  for (const auto& [settings, secrets, field] : mistakes) {
    const auto problems = Spec().validate(With(settings, secrets));

    ASSERT_EQ(problems.size(), 1u) << field;
    EXPECT_EQ(problems.front().field, field);
  }
}

TEST(MakeCloudflareApi, SaysWhatIsMissing) {
  FakeCloudflare api;
  const engine::connections::Deps deps{.http = &api, .random = &base::SystemRandom()};

  const auto nothing = engine::vendors::cloudflare::MakeCloudflareApi(With({}, {}), deps);
  const auto no_email = engine::vendors::cloudflare::MakeCloudflareApi(With({}, {{"api_key", "a"}}), deps);

  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().blame.attribute, "api_token");
  ASSERT_FALSE(no_email);
  EXPECT_EQ(no_email.error().blame.attribute, "email");
}

TEST(CloudflareCheck, AcceptsEachKindOfCredential) {
  FakeCloudflare api;
  for (const char* token : {FakeCloudflare::kToken, FakeCloudflare::kZoneToken, FakeCloudflare::kAccountToken}) {
    const auto checked = Check(api, With({}, {{"api_token", token}}));
    EXPECT_TRUE(checked) << token << ": " << checked.error().message;
  }
  const auto by_key = Check(api, With({{"email", FakeCloudflare::kEmail}}, {{"api_key", FakeCloudflare::kGlobalKey}}));
  EXPECT_TRUE(by_key) << by_key.error().message;
}

TEST(CloudflareCheck, AWrongTokenBlamesTheToken) {
  FakeCloudflare api;

  const auto checked = Check(api, With({}, {{"api_token", "token-canary"}}));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "api_token");
  EXPECT_EQ(checked.error().message, "Cloudflare answered 401: Invalid API Token (1000)");
}

TEST(CloudflareCheck, AnExpiredTokenSaysSo) {
  FakeCloudflare api;

  const auto checked = Check(api, With({}, {{"api_token", FakeCloudflare::kExpiredToken}}));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "api_token");
  EXPECT_EQ(checked.error().message, "the API token is not active but \"expired\"");
}

TEST(CloudflareCheck, AWrongKeyBlamesTheKey) {
  FakeCloudflare api;

  const auto checked = Check(api, With({{"email", FakeCloudflare::kEmail}}, {{"api_key", "key-canary"}}));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "api_key");
  EXPECT_EQ(checked.error().message.find("canary"), std::string::npos);
}

}  // namespace
}  // namespace tests::cloudflare_connection
