// SPDX-License-Identifier: MPL-2.0
#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/akamai/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/settings.h"

namespace tests::akamai_connection {
namespace {

const engine::connections::ConnectionSpec& Spec() { return *engine::vendors::FindConnection("akamai"); }

engine::connections::Connection With(const SettingEntries& entries) {
  SettingEntries all{{"endpoint_url", FakeAkamai::kUrl}};
  for (const auto& [name, value] : entries) all.insert_or_assign(name, value);
  return {.kind = "akamai", .id = "c", .settings = ConnectionSettings("akamai", all)};
}

base::Result<void> Check(const SettingEntries& entries) {
  FakeAkamai fake;
  FakeClock clock;
  return Spec().check(clock.Call(), With(entries), {.http = &fake, .random = &base::SystemRandom()});
}

TEST(AkamaiValidate, NamesTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec().validate(With({{"client_token", "a"}, {"client_secret", "b="}, {"access_token", "c"}})).empty());

  const auto secret = Spec().validate(With({{"client_secret", "two words"}}));
  const auto url = Spec().validate(With({{"endpoint_url", "ftp://api.test"}}));

  ASSERT_EQ(secret.size(), 1U);
  EXPECT_EQ(secret.front().field, "client_secret");
  ASSERT_EQ(url.size(), 1U);
  EXPECT_EQ(url.front().field, "endpoint_url");
}

TEST(AkamaiCheck, AcceptsAnApiClientThatMayRead) {
  const auto checked = Check({{"client_token", FakeAkamai::kReadOnlyClientToken},
                              {"client_secret", FakeAkamai::kClientSecret},
                              {"access_token", FakeAkamai::kAccessToken}});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(AkamaiCheck, AWrongSecretBlamesTheCredentials) {
  const auto checked = Check({{"client_token", FakeAkamai::kClientToken},
                              {"client_secret", "wrong-secret-canary"},
                              {"access_token", FakeAkamai::kAccessToken}});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, base::ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "client_token");
  EXPECT_EQ(checked.error().message, "Akamai answered 401: The signature does not match");
}

TEST(AkamaiConnection, TheEnvironmentHasWhatTheConnectionLeavesOut) {
  const ScopedVariable client_token("AKAMAI_CLIENT_TOKEN", FakeAkamai::kClientToken);
  const ScopedVariable client_secret("AKAMAI_CLIENT_SECRET", FakeAkamai::kClientSecret);
  const ScopedVariable access_token("AKAMAI_ACCESS_TOKEN", FakeAkamai::kAccessToken);

  const auto checked = Check({});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(AkamaiConnection, AMissingTokenIsNamed) {
  const auto checked = Check({{"client_token", FakeAkamai::kClientToken}, {"client_secret", FakeAkamai::kClientSecret}});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "access_token");
  EXPECT_NE(checked.error().message.find("AKAMAI_ACCESS_TOKEN"), std::string::npos) << checked.error().message;
}

}  // namespace
}  // namespace tests::akamai_connection
