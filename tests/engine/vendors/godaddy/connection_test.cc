// SPDX-License-Identifier: MPL-2.0
#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "engine/vendors/godaddy/vendor.h"
#include "tests/engine/vendors/godaddy/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/settings.h"

namespace tests::godaddy_connection {
namespace {

const engine::connections::ConnectionSpec& Spec() { return *engine::vendors::FindConnection("godaddy"); }

engine::connections::Connection With(const SettingEntries& entries) {
  SettingEntries all{{"endpoint_url", FakeGodaddy::kUrl}};
  for (const auto& [name, value] : entries) all.insert_or_assign(name, value);
  return {.kind = "godaddy", .id = "c", .settings = ConnectionSettings("godaddy", all)};
}

base::Result<void> Check(const SettingEntries& entries) {
  FakeGodaddy fake;
  FakeClock clock;
  return Spec().check(clock.Call(), With(entries), {.http = &fake});
}

TEST(GodaddyValidate, NamesTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec().validate(With({{"api_key", "a"}, {"api_secret", "b"}})).empty());

  const auto secret = Spec().validate(With({{"api_key", "a"}, {"api_secret", "two words"}}));
  const auto url = Spec().validate(With({{"endpoint_url", "ftp://api.test"}}));

  ASSERT_EQ(secret.size(), 1U);
  EXPECT_EQ(secret.front().field, "api_secret");
  ASSERT_EQ(url.size(), 1U);
  EXPECT_EQ(url.front().field, "endpoint_url");
}

TEST(GodaddyCheck, AcceptsAKeyAndItsSecret) {
  const auto checked = Check({{"api_key", FakeGodaddy::kReadOnlyToken}, {"api_secret", FakeGodaddy::kSecret}});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(GodaddyCheck, AWrongSecretBlamesTheKey) {
  const auto checked = Check({{"api_key", FakeGodaddy::kToken}, {"api_secret", "wrong-secret-canary"}});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, base::ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "api_key");
  EXPECT_EQ(checked.error().message,
            "GoDaddy answered 401: Unauthorized : Could not authenticate API key/secret (UNABLE_TO_AUTHENTICATE)");
}

TEST(GodaddyConnection, TheEnvironmentHasWhatTheConnectionLeavesOut) {
  const ScopedVariable key("GODADDY_API_KEY", FakeGodaddy::kToken);
  const ScopedVariable secret("GODADDY_API_SECRET", FakeGodaddy::kSecret);

  const auto checked = Check({});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(GodaddyConnection, AMissingSecretIsNamed) {
  const auto checked = Check({{"api_key", FakeGodaddy::kToken}});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "api_secret");
  EXPECT_NE(checked.error().message.find("GODADDY_API_SECRET"), std::string::npos) << checked.error().message;
}

}  // namespace
}  // namespace tests::godaddy_connection
