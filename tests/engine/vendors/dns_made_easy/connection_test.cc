// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/dns_made_easy/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/dns_made_easy/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_transport.h"
#include "tests/support/settings.h"

namespace tests::dns_made_easy_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("dns_made_easy"); }

Connection With(std::map<std::string, std::string> settings, const std::string& secret = FakeDnsMadeEasy::kSecretKey,
                const std::string& key = FakeDnsMadeEasy::kApiKey) {
  Connection connection{.kind = "dns_made_easy",
                        .id = "c",
                        .settings = ConnectionSettings("dns_made_easy", {{"endpoint_url", FakeDnsMadeEasy::kUrl}})};
  for (auto& [name, value] : settings) Put(connection.settings, name, value);
  Put(connection.settings, "api_key", base::Secret(key));
  Put(connection.settings, "secret_key", base::Secret(secret));
  return connection;
}

TEST(DnsMadeEasyValidate, PointsAtTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec().validate(With({})).empty());
  // Callers skip a field that is not known yet.
  EXPECT_EQ(Spec().validate({.kind = "dns_made_easy", .id = {}, .settings = ConnectionSettings("dns_made_easy")}).front().field,
            "api_key");
  const std::pair<Connection, std::string> mistakes[]{{With({}, FakeDnsMadeEasy::kSecretKey, "a b"), "api_key"},
                                                      {With({}, "a b"), "secret_key"},
                                                      {With({{"endpoint_url", "api.test"}}), "endpoint_url"},
                                                      {With({{"sandbox", "true"}}), "endpoint_url"}};
  for (const auto& [connection, field] : mistakes) {
    const auto problems = Spec().validate(connection);

    ASSERT_EQ(problems.size(), 1u) << field;
    EXPECT_EQ(problems.front().field, field);
  }
}

TEST(DnsMadeEasyCheck, AsksTheSandboxWhenToldSo) {
  FakeTransport transport({base::http::Response{.status = 200, .headers = {}, .body = "{}"}});
  FakeClock clock;
  Connection connection = With({{"sandbox", "true"}});
  connection.settings.Unset("endpoint_url");

  const auto checked = Spec().check(clock.Call(), connection, {.http = &transport});

  EXPECT_TRUE(checked);
  EXPECT_EQ(transport.requests().front().url, "https://api.sandbox.dnsmadeeasy.com/V2.0/dns/managed/");
}

// The example of the vendor's API documentation.
TEST(DnsMadeEasyCheck, SignsTheDateAsTheVendorsExample) {
  FakeTransport transport({base::http::Response{.status = 200, .headers = {}, .body = "{}"}});
  FakeClock clock(base::TimePoint(std::chrono::seconds(1'297'544'344)));  // Sat, 12 Feb 2011 20:59:04 GMT

  ASSERT_TRUE(Spec().check(clock.Call(), With({}, "c9b5625f-9834-4ff8-baba-4ed5f32cae55"), {.http = &transport}));

  const auto request = transport.requests().front();
  std::map<std::string, std::string> headers;
  for (const auto& header : request.headers) headers[header.name] = header.value;
  EXPECT_EQ(headers["x-dnsme-requestDate"], "Sat, 12 Feb 2011 20:59:04 GMT");
  EXPECT_EQ(headers["x-dnsme-apiKey"], FakeDnsMadeEasy::kApiKey);
  EXPECT_EQ(headers["x-dnsme-hmac"], "b3502e6116a324f3cf4a8ed693d78bcee8d8fe3c");
}

TEST(DnsMadeEasyCheck, AWrongSecretBlamesTheSecret) {
  FakeClock clock;
  FakeDnsMadeEasy fake(&clock);

  const auto checked = Spec().check(clock.Call(), With({}, "secret-canary"), {.http = &fake});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "secret_key");
  EXPECT_EQ(checked.error().message, "DNS Made Easy answered 403: API key not found");
}

TEST(DnsMadeEasyCheck, AWrongClockSaysHowFarOffItIs) {
  FakeClock theirs;
  FakeClock ours(theirs.Now() + std::chrono::minutes(5));
  FakeDnsMadeEasy fake(&theirs);

  const auto checked = Spec().check(ours.Call(), With({}), {.http = &fake});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "");
  EXPECT_NE(checked.error().message.find("clock is 5m ahead of DNS Made Easy's"), std::string::npos) << checked.error().message;
}

}  // namespace
}  // namespace tests::dns_made_easy_connection
