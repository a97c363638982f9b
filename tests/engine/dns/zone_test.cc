// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone.h"

#include <gtest/gtest.h>

#include <map>

#include "base/text.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/log_capture.h"
#include "tests/support/settings.h"

namespace engine::dns {
namespace {

using base::ErrorKind;
using tests::DnsAnswer;
using tests::DnsAsked;
using tests::FakeDnsServer;
using tests::RealCall;

std::vector<DnsConnection> Connections(const std::vector<std::string>& zones) {
  std::vector<DnsConnection> connections;
  for (const std::string& zone : zones) {
    connections.push_back(
        {.connection = {.kind = "rfc2136", .id = zone, .settings = tests::ConnectionSettings("rfc2136")}, .zone = zone});
  }
  return connections;
}

// A resolver's answers: CNAMEs, and zones by their apex.
FakeDnsServer::Script Serving(std::map<std::string, std::string> cnames, std::vector<std::string> zones = {}) {
  return [cnames = std::move(cnames), zones = std::move(zones)](const DnsAsked& asked) {
    const auto cname = cnames.find(asked.name);
    if (cname != cnames.end()) return DnsAnswer{.answers = {base::Cat(asked.name, " 60 IN CNAME ", cname->second)}};
    for (const std::string& zone : zones) {
      if (asked.type == "SOA" && asked.name == zone)
        return DnsAnswer{.answers = {zone + " 60 IN SOA ns.test. op.test. 1 2 3 4 5"}};
    }
    return DnsAnswer{.rcode = base::dns::Rcode::kNxDomain};
  };
}

base::dns::Resolver Using(const FakeDnsServer& server) { return {{server.address()}, base::SystemRandom()}; }

base::Result<RecordTarget> FindOne(const FakeDnsServer& server, const std::vector<std::string>& zones, const std::string& fqdn) {
  const auto connections = Connections(zones);
  auto targets = FindTargets(RealCall(), connections, Using(server), {fqdn});
  if (!targets) return std::move(targets).error();
  return targets->front();
}

TEST(IsZoneName, TellsNamesFromVendorIds) {
  EXPECT_TRUE(IsZoneName("example.test"));
  EXPECT_TRUE(IsZoneName("corp."));
  EXPECT_FALSE(IsZoneName(""));
  EXPECT_FALSE(IsZoneName("Z0123456789"));
  EXPECT_FALSE(IsZoneName("/subscriptions/1/resourceGroups/g/providers/Microsoft.Network/dnsZones/example.test"));
}

TEST(FindByZoneName, TakesTheLongestZone) {
  const auto connections = Connections({"example.test", "Sub.Example.test.", "ple.test", ""});

  EXPECT_EQ(FindByZoneName(connections, "_acme-challenge.www.sub.example.test."), 1u);
  EXPECT_EQ(FindByZoneName(connections, "_acme-challenge.example.test."), 0u);
  EXPECT_EQ(FindByZoneName(connections, "_acme-challenge.xsub.example.test."), 0u);
  EXPECT_EQ(FindByZoneName(connections, "_acme-challenge.other.test."), std::nullopt);
}

TEST(FindTargets, AsksOnlyForTheCnameWhenTheZoneIsGiven) {
  const FakeDnsServer server(Serving({}));

  const auto target = FindOne(server, {"example.test"}, "_acme-challenge.example.test.");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->zone.name, "example.test.");
  EXPECT_EQ(target->fqdn, "_acme-challenge.example.test.");
  ASSERT_EQ(server.asked().size(), 1u);
  EXPECT_EQ(server.asked().front().type, "CNAME");
}

TEST(FindTargets, FollowsCnamesIntoAnotherConnectionsZone) {
  const FakeDnsServer server(Serving({{"_acme-challenge.example.test.", "x.middle.test."}, {"x.middle.test.", "y.other.test."}}));

  const auto target = FindOne(server, {"example.test", "other.test"}, "_acme-challenge.example.test.");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->connection, 1u);
  EXPECT_EQ(target->fqdn, "y.other.test.");
}

TEST(FindTargets, StaysWhenACnameLeadsOutOfAllZones) {
  const FakeDnsServer server(Serving({{"_acme-challenge.example.test.", "lb.vendor.test."}}));

  const auto target = FindOne(server, {"example.test"}, "_acme-challenge.example.test.");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->fqdn, "_acme-challenge.example.test.");
}

TEST(FindTargets, AsksForTheZoneWhereTheConnectionHasAnIdOrNothing) {
  const FakeDnsServer server(Serving({}, {"example.test."}));

  const auto by_id = FindOne(server, {"other.test", "Z0123"}, "_acme-challenge.www.example.test.");
  const auto by_nothing = FindOne(server, {""}, "_acme-challenge.www.example.test.");

  ASSERT_TRUE(by_id) << by_id.error().message;
  EXPECT_EQ(by_id->connection, 1u);
  EXPECT_EQ(by_id->zone.name, "example.test.");
  EXPECT_EQ(by_id->zone.id, "Z0123");
  ASSERT_TRUE(by_nothing);
  EXPECT_EQ(by_nothing->zone.name, "example.test.");
}

TEST(FindTargets, SaysWhichNameHasNoZone) {
  const FakeDnsServer server(Serving({}));

  const auto target = FindOne(server, {""}, "_acme-challenge.example.test.");

  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(target.error().message, "no zone was found for _acme-challenge.example.test.");
}

TEST(FindTargets, SaysThatNoConnectionHoldsTheName) {
  const FakeDnsServer server(Serving({{"_acme-challenge.example.test.", "x.vendor.test."}}));

  const auto target = FindOne(server, {"a.test", "b.test"}, "_acme-challenge.example.test.");

  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(
      target.error().message,
      "no DNS connection holds _acme-challenge.example.test. (a CNAME to x.vendor.test.); their zones are a.test., b.test.");
}

TEST(FollowCnames, FindsALoop) {
  const FakeDnsServer server(Serving({{"a.test.", "b.test."}, {"b.test.", "c.test."}, {"c.test.", "a.test."}}));

  const auto ends = FollowCnames(RealCall(), Using(server), {"a.test."});

  ASSERT_FALSE(ends);
  EXPECT_EQ(ends.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(ends.error().message, "the CNAMEs run in a loop: a.test. -> b.test. -> c.test. -> a.test.");
}

TEST(FollowCnames, GoesSixteenHopsAndNoFurther) {
  std::map<std::string, std::string> chain;
  for (int i = 0; i < 17; ++i) chain[base::Cat("n", i, ".test.")] = base::Cat("n", i + 1, ".test.");
  const FakeDnsServer server(Serving(chain));

  const auto sixteen = FollowCnames(RealCall(), Using(server), {"n1.test."});
  const auto seventeen = FollowCnames(RealCall(), Using(server), {"n0.test."});

  ASSERT_TRUE(sixteen) << sixteen.error().message;
  EXPECT_EQ(sixteen->front(), "n17.test.");
  ASSERT_FALSE(seventeen);
  EXPECT_EQ(seventeen.error().message, "more than 16 CNAMEs in a row begin at n0.test.");
}

TEST(FollowCnames, KeepsTheNameWhenTheLookupFailsAndWarns) {
  const FakeDnsServer server([](const DnsAsked&) { return DnsAnswer{.rcode = base::dns::Rcode::kRefused}; });
  const auto log = std::make_shared<tests::LogCapture>();
  base::Call call = RealCall();
  call.log = base::Log(log);

  const auto ends = FollowCnames(call, Using(server), {"a.test.", "b.test."});

  ASSERT_TRUE(ends);
  EXPECT_EQ(*ends, (std::vector<std::string>{"a.test.", "b.test."}));
  EXPECT_EQ(log->text(), base::Cat("CNAMEs not looked up fqdn=a.test. count=2 error=", server.text(), ": REFUSED\n"));
}

TEST(FollowCnames, ACancelIsNoFailedLookup) {
  const FakeDnsServer server(Serving({}));
  std::stop_source stop;
  stop.request_stop();

  const auto ends = FollowCnames(RealCall(std::chrono::seconds(5), stop.get_token()), Using(server), {"a.test."});

  ASSERT_FALSE(ends);
  EXPECT_EQ(ends.error().kind, ErrorKind::kCancelled);
}

}  // namespace
}  // namespace engine::dns
