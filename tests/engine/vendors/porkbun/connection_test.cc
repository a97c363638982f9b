// SPDX-License-Identifier: MPL-2.0
#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/porkbun/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/settings.h"

namespace tests::porkbun_connection {
namespace {

const engine::connections::ConnectionSpec& Spec() { return *engine::vendors::FindConnection("porkbun"); }

engine::connections::Connection With(const SettingEntries& entries) {
  SettingEntries all{{"endpoint_url", FakePorkbun::kUrl}};
  for (const auto& [name, value] : entries) all.insert_or_assign(name, value);
  return {.kind = "porkbun", .id = "c", .settings = ConnectionSettings("porkbun", all)};
}

base::Result<void> Check(const SettingEntries& entries) {
  FakePorkbun fake;
  FakeClock clock;
  return Spec().check(clock.Call(), With(entries), {.http = &fake});
}

TEST(PorkbunValidate, NamesTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec().validate(With({{"api_key", "a"}, {"secret_api_key", "b"}})).empty());

  const auto secret = Spec().validate(With({{"api_key", "a"}, {"secret_api_key", "two words"}}));
  const auto url = Spec().validate(With({{"endpoint_url", "ftp://api.test"}}));

  ASSERT_EQ(secret.size(), 1U);
  EXPECT_EQ(secret.front().field, "secret_api_key");
  ASSERT_EQ(url.size(), 1U);
  EXPECT_EQ(url.front().field, "endpoint_url");
}

TEST(PorkbunCheck, AcceptsAKeyAndItsSecret) {
  const auto checked = Check({{"api_key", FakePorkbun::kToken}, {"secret_api_key", FakePorkbun::kSecret}});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(PorkbunCheck, AWrongSecretBlamesTheKey) {
  const auto checked = Check({{"api_key", FakePorkbun::kToken}, {"secret_api_key", "wrong-secret-canary"}});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, base::ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "api_key");
  EXPECT_EQ(checked.error().message, "Porkbun answered 400: Invalid API key. (001)");
}

TEST(PorkbunConnection, TheEnvironmentHasWhatTheConnectionLeavesOut) {
  const ScopedVariable key("PORKBUN_API_KEY", FakePorkbun::kToken);
  const ScopedVariable secret("PORKBUN_SECRET_API_KEY", FakePorkbun::kSecret);

  const auto checked = Check({});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(PorkbunConnection, AMissingSecretIsNamed) {
  const auto checked = Check({{"api_key", FakePorkbun::kToken}});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "secret_api_key");
  EXPECT_NE(checked.error().message.find("PORKBUN_SECRET_API_KEY"), std::string::npos) << checked.error().message;
}

}  // namespace
}  // namespace tests::porkbun_connection
