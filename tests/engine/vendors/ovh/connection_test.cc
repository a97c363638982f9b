// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/ovh/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/ovh/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/settings.h"

namespace tests::ovh_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;

const engine::connections::ConnectionSpec& Spec() { return *engine::vendors::FindConnection("ovh"); }

Connection With(const SettingEntries& entries) {
  SettingEntries all{{"application_key", FakeOvh::kApplicationKey},
                     {"application_secret", FakeOvh::kApplicationSecret},
                     {"consumer_key", FakeOvh::kToken},
                     {"endpoint_url", FakeOvh::kUrl}};
  for (const auto& [name, value] : entries) all.insert_or_assign(name, value);
  return {.kind = "ovh", .id = "c", .settings = ConnectionSettings("ovh", all)};
}

base::Result<void> Check(const SettingEntries& entries) {
  FakeOvh fake;
  FakeClock clock;
  return Spec().check(clock.Call(), With(entries), {.http = &fake});
}

TEST(OvhValidate, NamesTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec().validate(With({})).empty());

  const auto secret = Spec().validate(With({{"application_secret", "two words"}}));
  const auto url = Spec().validate(With({{"endpoint_url", "ftp://api.test"}}));

  ASSERT_EQ(secret.size(), 1U);
  EXPECT_EQ(secret.front().field, "application_secret");
  ASSERT_EQ(url.size(), 1U);
  EXPECT_EQ(url.front().field, "endpoint_url");
}

TEST(OvhCheck, AcceptsAKeyThatMayListTheZones) {
  const auto checked = Check({});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(OvhCheck, AcceptsAKeyForASingleZone) {
  const auto checked = Check({{"consumer_key", FakeOvh::kReadOnlyToken}});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(OvhCheck, BlamesAWrongConsumerKey) {
  const auto checked = Check({{"consumer_key", "wrong-token-canary"}});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "consumer_key");
  EXPECT_EQ(checked.error().message, "OVHcloud answered 403: This credential does not exist (INVALID_CREDENTIAL)");
}

TEST(OvhCheck, AWrongSecretIsDeniedAlthoughItIsABadRequest) {
  const auto checked = Check({{"application_secret", "wrong-secret-canary"}});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied) << checked.error().message;
}

TEST(OvhConnection, TheEnvironmentHasWhatTheConnectionLeavesOut) {
  const ScopedVariable key("OVH_APPLICATION_KEY", FakeOvh::kApplicationKey);
  const ScopedVariable secret("OVH_APPLICATION_SECRET", FakeOvh::kApplicationSecret);
  const ScopedVariable consumer("OVH_CONSUMER_KEY", FakeOvh::kToken);
  FakeOvh fake;
  FakeClock clock;

  const auto checked = Spec().check(
      clock.Call(), {.kind = "ovh", .id = "c", .settings = ConnectionSettings("ovh", {{"endpoint_url", FakeOvh::kUrl}})},
      {.http = &fake});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(OvhConnection, TheEndpointChoosesTheRegion) {
  for (const auto& [endpoint, host] : {std::pair{"", "https://eu.api.ovh.com/"}, {"ovh-ca", "https://ca.api.ovh.com/"}}) {
    FakeTransport transport({});
    FakeClock clock;
    SettingEntries entries{{"application_key", "a"}, {"application_secret", "b"}, {"consumer_key", "c"}};
    if (*endpoint != '\0') entries["endpoint"] = endpoint;

    (void)Spec().check(clock.Call(), {.kind = "ovh", .id = "c", .settings = ConnectionSettings("ovh", entries)},
                       {.http = &transport});

    ASSERT_FALSE(transport.requests().empty());
    EXPECT_TRUE(transport.requests().front().url.starts_with(host)) << transport.requests().front().url;
  }
}

TEST(OvhConnection, AnUnknownRegionOfTheEnvironmentBlamesTheField) {
  const ScopedVariable endpoint("OVH_ENDPOINT", "kimsufi-eu");
  FakeOvh fake;

  const auto api = engine::vendors::ovh::MakeOvhApi(With({}), {.http = &fake});

  ASSERT_FALSE(api);
  EXPECT_EQ(api.error().blame.attribute, "endpoint");
}

}  // namespace
}  // namespace tests::ovh_connection
