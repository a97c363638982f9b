// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/powerdns/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/powerdns/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"

namespace tests::powerdns_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("powerdns"); }

Connection With(const std::string& key, const std::string& url = FakePowerdns::kUrl, const std::string& server = "localhost") {
  Connection connection{
      .kind = "powerdns", .id = "c", .settings = ConnectionSettings("powerdns", {{"endpoint_url", url}, {"server_id", server}})};
  Put(connection.settings, "api_key", base::Secret(key));
  return connection;
}

base::Result<void> Check(const Connection& connection) {
  FakePowerdns fake;
  FakeClock clock;
  return Spec().check(clock.Call(), connection, {.http = &fake});
}

TEST(PowerdnsValidate, PointsAtTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec().validate(With("key\n", "http://127.0.0.1:8081/")).empty());
  // Callers skip a field that is not known yet.
  EXPECT_EQ(Spec().validate({.kind = "powerdns", .id = {}, .settings = ConnectionSettings("powerdns")}).front().field, "api_key");

  const auto key = Spec().validate(With("a b"));
  const auto url = Spec().validate(With("a", "127.0.0.1:8081"));

  ASSERT_EQ(key.size(), 1u);
  EXPECT_EQ(key.front().field, "api_key");
  ASSERT_EQ(url.size(), 1u);
  EXPECT_EQ(url.front().field, "endpoint_url");
}

TEST(PowerdnsCheck, TakesTheUrlWithAndWithoutTheApisPath) {
  for (const std::string tail : {"", "/", "/api/v1", "/api/v1/"}) {
    const auto checked = Check(With(FakePowerdns::kKey, FakePowerdns::kUrl + tail));
    EXPECT_TRUE(checked) << tail << ": " << checked.error().message;
  }
}

TEST(PowerdnsCheck, AWrongKeyBlamesTheKey) {
  const auto checked = Check(With("key-canary"));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "api_key");
  EXPECT_EQ(checked.error().message, "PowerDNS answered 401");
}

TEST(PowerdnsCheck, AnUnknownServerBlamesTheAddress) {
  const auto checked = Check(With(FakePowerdns::kKey, FakePowerdns::kUrl, "other"));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "endpoint_url");
  EXPECT_NE(checked.error().message.find("no server \"other\""), std::string::npos) << checked.error().message;
}

}  // namespace
}  // namespace tests::powerdns_connection
