// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/acme_dns/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/acme_dns/fake_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"

namespace tests::acme_dns_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("acme_dns"); }

Connection With(std::map<std::string, std::string> settings, const std::string& password = FakeAcmeDns::kPassword) {
  Connection connection{.kind = "acme_dns",
                        .id = "c",
                        .settings = ConnectionSettings("acme_dns", {{"endpoint_url", FakeAcmeDns::kUrl},
                                                                    {"username", FakeAcmeDns::kUsername},
                                                                    {"subdomain", FakeAcmeDns::kSubdomain},
                                                                    {"full_domain", FakeAcmeDns::kFullDomain}})};
  for (auto& [name, value] : settings) Put(connection.settings, name, value);
  Put(connection.settings, "password", base::Secret(password));
  return connection;
}

TEST(AcmeDnsValidate, PointsAtTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec().validate(With({})).empty());
  // Callers skip a field that is not known yet.
  EXPECT_EQ(Spec().validate({.kind = "acme_dns", .id = {}, .settings = ConnectionSettings("acme_dns")}).front().field,
            "password");
  const std::pair<Connection, std::string> mistakes[]{{With({{"username", "a b"}}), "username"},
                                                      {With({}, "a b"), "password"},
                                                      {With({{"full_domain", "a..b"}}), "full_domain"},
                                                      {With({{"full_domain", "other.auth.example.test"}}), "full_domain"},
                                                      {With({{"endpoint_url", "acme-dns.test"}}), "endpoint_url"}};
  for (const auto& [connection, field] : mistakes) {
    const auto problems = Spec().validate(connection);

    ASSERT_EQ(problems.size(), 1u) << field;
    EXPECT_EQ(problems.front().field, field);
  }
}

TEST(AcmeDnsCheck, AcceptsTheAccountAndChangesNothing) {
  FakeAcmeDns fake;
  FakeClock clock;

  const auto checked = Spec().check(clock.Call(), With({}), {.http = &fake});

  EXPECT_TRUE(checked) << checked.error().message;
  EXPECT_TRUE(fake.Values().empty());
}

TEST(AcmeDnsCheck, AWrongPasswordBlamesThePassword) {
  FakeAcmeDns fake;
  FakeClock clock;

  const auto checked = Spec().check(clock.Call(), With({}, "password-canary"), {.http = &fake});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "password");
  EXPECT_EQ(checked.error().message.find("acme-dns answered 401 (forbidden)"), 0u) << checked.error().message;
}

TEST(AcmeDnsCheck, AnotherPathBlamesTheUrl) {
  FakeAcmeDns fake;
  FakeClock clock;

  const auto checked = Spec().check(clock.Call(), With({{"endpoint_url", "https://acme-dns.test/other"}}), {.http = &fake});

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "endpoint_url");
}

}  // namespace
}  // namespace tests::acme_dns_connection
