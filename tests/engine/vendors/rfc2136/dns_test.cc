// SPDX-License-Identifier: MPL-2.0
// The rfc2136 provider against a real BIND, judged by dig and nsupdate.
#include "engine/vendors/rfc2136/connection.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/support/bind_server.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/settings.h"

namespace tests::rfc2136_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::Zone;

class Rfc2136Bench {
 public:
  using Fixture = WithBind;

  const std::string& problem() const { return bind_.problem(); }
  Connection good() const { return bind_.Connect(kSha256Key); }
  Connection denied() const {
    Connection connection = good();
    Put(connection.settings, "tsig_secret", base::Secret(base::Base64("another-secret-of-32-octets-long")));
    return connection;
  }
  Connection silent() const {
    Connection connection = good();
    Put(connection.settings, "server", silent_.text());
    return connection;
  }
  base::http::Transport* http() const { return nullptr; }
  void WaitUntilSilentWasAsked() const { silent_.WaitUntilAsked(); }
  Zone zone() const { return {.name = "example.test.", .id = {}}; }
  Zone unknown_zone() const { return {.name = "nowhere.test.", .id = {}}; }
  std::string unknown_zone_name() const { return "_acme-challenge.nowhere.test."; }
  std::vector<std::string> Values(const std::string& fqdn) const { return bind_.DigTxt(fqdn); }
  void AddForeign(const std::string& fqdn, const std::string& value) const {
    EXPECT_EQ(bind_.Nsupdate(kSha384Key, "update add " + fqdn + " 60 TXT " + value), "");
  }

 private:
  BindServer bind_;
  FakeDnsServer silent_{[](const DnsAsked&) { return DnsAnswer{.is_dropped = true}; }};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Rfc2136, DnsProviderContract, Rfc2136Bench);

class Rfc2136 : public WithBind {
 protected:
  static base::Result<void> Place(const Connection& connection, const std::string& zone, const std::string& fqdn,
                                  std::vector<PlacedRecord>& placed) {
    const engine::connections::Deps deps{.http = nullptr, .random = &base::SystemRandom()};
    const auto provider = engine::vendors::FindDnsProvider("rfc2136")->make(connection, deps);
    const std::vector<engine::dns::TxtRecord> records{{.fqdn = fqdn, .value = "value"}};
    return (*provider)->Place(RealCall(), {.name = zone, .id = {}}, records, placed);
  }
};

TEST_F(Rfc2136, EachAlgorithmIsAccepted) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  for (const BindKey& key : {kSha256Key, kSha384Key, kSha512Key}) {
    std::vector<PlacedRecord> placed;

    const auto result = Place(bind.Connect(key), "example.test.", "_acme-challenge.example.test.", placed);

    EXPECT_TRUE(result) << key.name << ": " << result.error().message;
  }
  EXPECT_EQ(bind.DigTxt("_acme-challenge.example.test."), std::vector<std::string>{"value"});
}

TEST_F(Rfc2136, ALeastPrivilegeKeyPlacesItsNameAndNoOther) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  std::vector<PlacedRecord> placed;

  EXPECT_TRUE(Place(bind.Connect(kStrictKey), "strict.test.", "_acme-challenge.strict.test.", placed));
  const auto refused = Place(bind.Connect(kStrictKey), "strict.test.", "www.strict.test.", placed);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDenied);
  EXPECT_NE(refused.error().message.find("www.strict.test."), std::string::npos) << refused.error().message;
  EXPECT_NE(refused.error().message.find("update-policy"), std::string::npos) << refused.error().message;
  EXPECT_EQ(placed.size(), 1u);
}

TEST_F(Rfc2136, WithoutAKeyTheErrorSaysToSetOne) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  Connection connection = bind.Connect(kSha256Key);
  connection.settings.Unset("tsig_key_name");
  connection.settings.Unset("tsig_secret");
  std::vector<PlacedRecord> placed;

  const auto result = Place(connection, "example.test.", "_acme-challenge.example.test.", placed);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(result.error().blame.attribute, "tsig_key_name");
  EXPECT_NE(result.error().message.find("set tsig_key_name and tsig_secret"), std::string::npos) << result.error().message;
  EXPECT_TRUE(placed.empty());
}

TEST_F(Rfc2136, ANameOutsideTheZoneIsAnInputError) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  std::vector<PlacedRecord> placed;

  const auto result = Place(bind.Connect(kSha256Key), "example.test.", "_acme-challenge.other.test.", placed);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("NOTZONE"), std::string::npos) << result.error().message;
}

TEST_F(Rfc2136, WorksOverTcpAloneAndOverIpv6) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  Connection connection = bind.Connect(kSha256Key);
  Put(connection.settings, "transport", "tcp");
  Put(connection.settings, "server", "[::1]:" + std::to_string(bind.port()));
  std::vector<PlacedRecord> placed;

  const auto result = Place(connection, "example.test.", "_acme-challenge.example.test.", placed);

  EXPECT_TRUE(result) << result.error().message;
}

TEST_F(Rfc2136, ADelegatedZoneTakesItsOwnNames) {
  const BindServer bind;
  ASSERT_EQ(bind.problem(), "");
  std::vector<PlacedRecord> placed;

  const auto result = Place(bind.Connect(kSha256Key), "sub.example.test.", "_acme-challenge.sub.example.test.", placed);

  EXPECT_TRUE(result) << result.error().message;
  EXPECT_EQ(bind.DigTxt("_acme-challenge.sub.example.test."), std::vector<std::string>{"value"});
}

TEST(Rfc2136Offline, EachWayToRefuseIsToldApart) {
  struct Case {
    base::dns::Rcode rcode;
    ErrorKind kind;
    const char* said;
  };
  for (const Case& one :
       {Case{base::dns::Rcode::kRefused, ErrorKind::kDenied, "(REFUSED); set tsig_key_name"},
        Case{base::dns::Rcode::kNotAuth, ErrorKind::kDenied, "does not hold the zone example.test. as its primary"},
        Case{base::dns::Rcode::kNotZone, ErrorKind::kInvalid, "does not lie in the zone example.test."},
        Case{base::dns::Rcode::kNotImp, ErrorKind::kInvalid, "takes no dynamic updates"},
        Case{base::dns::Rcode::kServFail, ErrorKind::kUnavailable, "failed to update the zone example.test. (SERVFAIL)"}}) {
    const FakeDnsServer server([&](const DnsAsked&) { return DnsAnswer{.rcode = one.rcode}; });
    const Connection connection{
        .kind = "rfc2136", .id = "c", .settings = ConnectionSettings("rfc2136", {{"server", server.text()}})};
    const auto provider =
        *engine::vendors::FindDnsProvider("rfc2136")->make(connection, {.http = nullptr, .random = &base::SystemRandom()});
    const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "value"}};
    std::vector<PlacedRecord> placed;

    const auto result = provider->Place(RealCall(), {.name = "example.test.", .id = {}}, records, placed);

    ASSERT_FALSE(result) << one.said;
    EXPECT_EQ(result.error().kind, one.kind) << result.error().message;
    EXPECT_NE(result.error().message.find(one.said), std::string::npos) << result.error().message;
  }
}

TEST(Rfc2136Offline, AServerThatIsNotThereLeavesNothingToRemove) {
  Connection connection{.kind = "rfc2136", .id = "c", .settings = ConnectionSettings("rfc2136")};
  {
    const FakeDnsServer gone([](const DnsAsked&) { return DnsAnswer{}; });
    Put(connection.settings, "server", gone.text());
  }
  const engine::connections::Deps deps{.http = nullptr, .random = &base::SystemRandom()};
  const auto provider = engine::vendors::FindDnsProvider("rfc2136")->make(connection, deps);
  const std::vector<engine::dns::TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = "value"}};
  std::vector<PlacedRecord> placed;

  const auto result = (*provider)->Place(RealCall(), {.name = "example.test.", .id = {}}, records, placed);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(result.error().blame.attribute, "server");
  EXPECT_NE(result.error().message.find("connection refused"), std::string::npos) << result.error().message;
  EXPECT_TRUE(placed.empty());
}

}  // namespace
}  // namespace tests::rfc2136_dns
