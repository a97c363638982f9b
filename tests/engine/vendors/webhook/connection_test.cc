// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/webhook/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/webhook/fake_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"
#include "tests/support/settings.h"

namespace tests::webhook_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("webhook"); }

Connection With(const std::string& username, const std::string& password, const std::string& url = FakeWebhook::kUrl) {
  Connection connection{.kind = "webhook", .id = "c", .settings = ConnectionSettings("webhook", {{"endpoint_url", url}})};
  if (!username.empty()) Put(connection.settings, "username", username);
  if (!password.empty()) Put(connection.settings, "password", base::Secret(password));
  return connection;
}

base::Result<void> Check(base::http::Transport& transport, const Connection& connection) {
  FakeClock clock;
  return Spec().check(clock.Call(), connection, {.http = &transport});
}

TEST(WebhookValidate, PointsAtTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec().validate(With("user", "pass word")).empty());
  EXPECT_TRUE(Spec().validate({.kind = "webhook", .id = {}, .settings = ConnectionSettings("webhook")}).empty());
  const std::pair<Connection, std::string> mistakes[]{
      {With("us:er", "p"), "username"}, {With("user", "pass\n"), "password"}, {With("user", "p", "hook.test"), "endpoint_url"}};
  for (const auto& [connection, field] : mistakes) {
    const auto problems = Spec().validate(connection);

    ASSERT_EQ(problems.size(), 1u) << field;
    EXPECT_EQ(problems.front().field, field);
  }
}

TEST(MakeWebhook, WantsNameAndPasswordTogether) {
  FakeWebhook api;

  const auto no_password = engine::vendors::webhook::MakeWebhook(With("user", ""), {.http = &api});
  const auto no_name = engine::vendors::webhook::MakeWebhook(With("", "password"), {.http = &api});

  ASSERT_FALSE(no_password);
  EXPECT_EQ(no_password.error().blame.attribute, "password");
  ASSERT_FALSE(no_name);
  EXPECT_EQ(no_name.error().blame.attribute, "username");
}

TEST(WebhookCheck, AcceptsAServerThatTakesTheCredentialsAndNoGet) {
  FakeWebhook api;

  const auto checked = Check(api, With(FakeWebhook::kUsername, FakeWebhook::kPassword));

  EXPECT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(api.CountRequests("POST"), 0u);
}

TEST(WebhookCheck, AWrongPasswordBlamesThePassword) {
  FakeWebhook api;

  const auto checked = Check(api, With(FakeWebhook::kUsername, "password-canary"));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "password");
  EXPECT_EQ(checked.error().message, "the webhook answered 401");
}

TEST(WebhookCheck, AServerThatIsNotThereBlamesTheUrl) {
  std::vector<base::Result<base::http::Response>> gone(4, base::Error{ErrorKind::kUnavailable, "connection refused"});
  FakeTransport transport(gone);

  const auto checked = Check(transport, With("", ""));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "endpoint_url");
}

}  // namespace
}  // namespace tests::webhook_connection
