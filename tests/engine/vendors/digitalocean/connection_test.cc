// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/digitalocean/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/digitalocean/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"

namespace tests::digitalocean_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("digitalocean"); }

Connection WithToken(const std::string& token, const std::string& url = FakeDigitalocean::kUrl) {
  Connection connection{
      .kind = "digitalocean", .id = "c", .settings = ConnectionSettings("digitalocean", {{"endpoint_url", url}})};
  Put(connection.settings, "api_token", base::Secret(token));
  return connection;
}

TEST(DigitaloceanValidate, PointsAtTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec().validate(WithToken("dop_v1_abc\n")).empty());
  // Callers skip a field that is not known yet.
  EXPECT_EQ(Spec().validate({.kind = "digitalocean", .id = {}, .settings = ConnectionSettings("digitalocean")}).front().field,
            "api_token");

  const auto token = Spec().validate(WithToken("two words"));
  const auto url = Spec().validate(WithToken("a", "ftp://api.test"));

  ASSERT_EQ(token.size(), 1u);
  EXPECT_EQ(token.front().field, "api_token");
  ASSERT_EQ(url.size(), 1u);
  EXPECT_EQ(url.front().field, "endpoint_url");
}

TEST(MakeDigitaloceanApi, WithoutATokenSaysSo) {
  FakeDigitalocean fake;

  const auto api = engine::vendors::digitalocean::MakeDigitaloceanApi(
      {.kind = "digitalocean", .id = {}, .settings = ConnectionSettings("digitalocean")}, {.http = &fake});

  ASSERT_FALSE(api);
  EXPECT_EQ(api.error().blame.attribute, "api_token");
}

TEST(DigitaloceanCheck, AcceptsATokenThatMayReadDomains) {
  FakeDigitalocean fake;
  FakeClock clock;

  const auto checked = Spec().check(clock.Call(), WithToken(FakeDigitalocean::kReadOnlyToken), {.http = &fake});

  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(DigitaloceanCheck, AWrongTokenBlamesTheToken) {
  FakeDigitalocean fake;
  FakeClock clock;

  const auto checked = Spec().check(clock.Call(), WithToken("token-canary"), {.http = &fake});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "api_token");
  EXPECT_EQ(checked.error().message, "DigitalOcean answered 401: Unable to authenticate you (unauthorized)");
}

}  // namespace
}  // namespace tests::digitalocean_connection
