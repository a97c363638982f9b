// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/rfc2136/connection.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "engine/vendors/catalog.h"
#include "tests/support/bind_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/settings.h"

namespace tests::rfc2136_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;
using engine::connections::FieldProblem;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("rfc2136"); }

base::Result<void> Check(const Connection& connection, const base::Call& call = RealCall()) {
  return Spec().check(call, connection, {.http = nullptr, .random = &base::SystemRandom()});
}

Connection With(std::string_view field, std::string_view value) {
  Connection connection{.kind = "rfc2136", .id = "c", .settings = ConnectionSettings("rfc2136", {{"server", "192.0.2.1"}})};
  if (field == "tsig_secret") {
    Put(connection.settings, field, base::Secret(std::string(value)));
  } else {
    Put(connection.settings, field, std::string(value));
  }
  return connection;
}

TEST(Rfc2136Validate, AcceptsWhatTsigKeygenPrints) {
  Connection connection = With("tsig_secret", "2Yfh9vJoHVwIcZd7ZU3LxjWeqYqDjjNdyzJ9TQNb2dg=");
  Put(connection.settings, "tsig_key_name", "certwright.");

  EXPECT_TRUE(Spec().validate(connection).empty());
}

TEST(Rfc2136Validate, PointsAtTheFieldThatIsWrong) {
  const std::pair<std::string_view, std::string_view> mistakes[]{{"server", "ns1.example.test:port"},
                                                                 {"server", "https://ns1.example.test"},
                                                                 {"tsig_key_name", "a..b"},
                                                                 {"tsig_secret", "not base64!"},
                                                                 {"tsig_secret", ""}};
  for (const auto& [field, value] : mistakes) {
    Connection connection = With(field, value);
    if (field == "tsig_key_name") Put(connection.settings, "tsig_secret", base::Secret("c2VjcmV0"));
    if (field == "tsig_secret") Put(connection.settings, "tsig_key_name", "certwright.");
    const std::vector<FieldProblem> problems = Spec().validate(connection);

    ASSERT_EQ(problems.size(), 1u) << field << " = " << value;
    EXPECT_EQ(problems.front().field, field) << value;
  }
}

TEST(Rfc2136Validate, NeedsNoKeyAndNeverHalfOfOne) {
  EXPECT_TRUE(Spec().validate({.kind = "rfc2136", .id = "", .settings = ConnectionSettings("rfc2136")}).empty());

  // At the field that is missing, which callers skip while it is not known yet.
  const auto half = Spec().validate(With("tsig_key_name", "certwright."));
  ASSERT_EQ(half.size(), 1u);
  EXPECT_EQ(half.front().field, "tsig_secret");
}

TEST(MakeRfc2136Server, WantsKeyNameAndSecretTogether) {
  const auto no_secret = engine::vendors::rfc2136::MakeRfc2136Server(With("tsig_key_name", "certwright."));
  const auto no_name = engine::vendors::rfc2136::MakeRfc2136Server(With("tsig_secret", "c2VjcmV0"));

  ASSERT_FALSE(no_secret);
  EXPECT_EQ(no_secret.error().blame.attribute, "tsig_secret");
  ASSERT_FALSE(no_name);
  EXPECT_EQ(no_name.error().blame.attribute, "tsig_key_name");
}

TEST(MakeRfc2136Server, ReadsEveryField) {
  Connection connection = With("tsig_secret", " c2VjcmV0\n");
  Put(connection.settings, "tsig_key_name", "Certwright");
  Put(connection.settings, "tsig_algorithm", "hmac-sha512");
  Put(connection.settings, "transport", "tcp");

  const auto server = engine::vendors::rfc2136::MakeRfc2136Server(connection);

  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(base::dns::ToText(server->address), "192.0.2.1:53");
  EXPECT_EQ(server->transport, base::dns::TransportProtocol::kTcp);
  EXPECT_EQ(server->key->name, "certwright.");
  EXPECT_EQ(server->key->hash, base::crypto::Hash::kSha512);
  EXPECT_EQ(server->key->secret.Reveal(), "secret");
}

class Rfc2136Check : public WithBind {};

TEST_F(Rfc2136Check, AcceptsEachKey) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  for (const BindKey& key : {kSha256Key, kSha384Key, kSha512Key}) {
    const auto checked = Check(bind.Connect(key));

    EXPECT_TRUE(checked) << key.name << ": " << checked.error().message;
  }
}

TEST_F(Rfc2136Check, AWrongSecretBlamesTheSecret) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  Connection connection = bind.Connect(kSha256Key);
  Put(connection.settings, "tsig_secret", base::Secret(base::Base64("another secret")));

  const auto checked = Check(connection);

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "tsig_secret");
  EXPECT_EQ(checked.error().message,
            "the server knows the TSIG key \"key-sha256.\" but with another secret or algorithm (BADSIG)");
}

TEST_F(Rfc2136Check, AnUnknownKeyBlamesItsName) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  Connection connection = bind.Connect(kSha256Key);
  Put(connection.settings, "tsig_key_name", "nobody.");

  const auto checked = Check(connection);

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "tsig_key_name");
  EXPECT_EQ(checked.error().message, "the server does not know the TSIG key \"nobody.\" with hmac-sha256 (BADKEY)");
}

TEST_F(Rfc2136Check, AWrongClockSaysHowFarOffItIs) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  FakeClock ahead(base::RealClock().Now() + std::chrono::hours(1));

  const auto checked = Check(bind.Connect(kSha256Key), ahead.Call());

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "server");
  const std::string& message = checked.error().message;
  // A second may begin between the two clocks' looks.
  const bool tells_how_far = message.find("the server's is 1h behind") != std::string::npos ||
                             message.find("the server's is 59m59s behind") != std::string::npos ||
                             message.find("the server's is 1h1s behind") != std::string::npos;
  EXPECT_TRUE(tells_how_far) << message;
}

TEST_F(Rfc2136Check, WithoutAKeyAnAnswerIsEnough) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  Connection connection = bind.Connect(kSha256Key);
  connection.settings.Unset("tsig_key_name");
  connection.settings.Unset("tsig_secret");

  EXPECT_TRUE(Check(connection));
}

TEST(Rfc2136CheckOffline, AServerThatDoesNotAnswerBlamesTheServer) {
  std::string address;
  {
    const FakeDnsServer gone([](const DnsAsked&) { return DnsAnswer{}; });
    address = gone.text();
  }

  const auto checked = Check(With("server", address));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(checked.error().blame.attribute, "server");
}

TEST(Rfc2136CheckOffline, AHostNameWithoutAddressBlamesTheServer) {
  const auto checked = Check(With("server", "no-such-host.invalid"), RealCall(std::chrono::seconds(5)));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "server") << checked.error().message;
}

TEST(Rfc2136CheckOffline, AServerThatIgnoresTheSignatureIsNotTrusted) {
  const FakeDnsServer server([](const DnsAsked&) { return DnsAnswer{}; });
  Connection connection = With("tsig_secret", "c2VjcmV0");
  Put(connection.settings, "server", server.text());
  Put(connection.settings, "tsig_key_name", "certwright.");

  const auto checked = Check(connection);

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kProtocol);
  EXPECT_EQ(checked.error().message, "the reply is not signed");
}

}  // namespace
}  // namespace tests::rfc2136_connection
