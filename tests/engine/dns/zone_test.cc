// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

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

// A resolver and every zone's server in one: CNAMEs, and zones by their apex.
FakeDnsServer::Script Serving(std::map<std::string, std::string> cnames, std::vector<std::string> zones = {}) {
  return [cnames = std::move(cnames), zones = std::move(zones)](const DnsAsked& asked) {
    if (asked.type == "NS") return DnsAnswer{.answers = {asked.name + " 60 IN NS ns.test."}};
    if (asked.name == "ns.test.") return asked.type == "A" ? DnsAnswer{.answers = {"ns.test. 60 IN A 127.0.0.1"}} : DnsAnswer{};
    const auto cname = cnames.find(asked.name);
    if (cname != cnames.end()) return DnsAnswer{.answers = {base::Cat(asked.name, " 60 IN CNAME ", cname->second)}};
    for (const std::string& zone : zones) {
      if (asked.type == "SOA" && asked.name == zone)
        return DnsAnswer{.answers = {zone + " 60 IN SOA ns.test. op.test. 1 2 3 4 5"}};
    }
    return DnsAnswer{.rcode = base::dns::Rcode::kNxDomain};
  };
}

// Asks one server for everything.
struct Asking {
  explicit Asking(const FakeDnsServer& server)
      : options{.nameserver_port = server.address().port}, resolver({server.address()}, base::SystemRandom()) {}

  base::Result<std::vector<CnameTrail>> Follow(const std::vector<std::string>& fqdns, const base::Call& call = RealCall()) {
    return FollowCnames(call, {}, resolver, authority, fqdns);
  }

  PropagationOptions options;
  base::dns::Resolver resolver;
  Authority authority{resolver, base::SystemRandom(), options};
};

base::Result<RecordTarget> FindOne(const FakeDnsServer& server, const std::vector<std::string>& zones, const std::string& fqdn) {
  const auto connections = Connections(zones);
  Asking asking(server);
  auto targets = FindTargets(RealCall(), connections, asking.resolver, asking.authority, {fqdn});
  if (!targets) return std::move(targets).error();
  return targets->front();
}

// What was asked with recursion wanted, each once: "CNAME a.test.".
std::set<std::string> AskedRecursively(const FakeDnsServer& server) {
  std::set<std::string> asked;
  for (const DnsAsked& one : server.asked()) {
    if (one.wants_recursion) asked.insert(base::Cat(one.type, ' ', one.name));
  }
  return asked;
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

// It would keep "no such name", and serve it to a CA that asks the same resolver.
TEST(FindTargets, NoResolverIsAskedForAChallengeName) {
  for (const char* zone : {"example.test", "", "Z0123"}) {
    const FakeDnsServer server(Serving({}, {"example.test."}));

    const auto target = FindOne(server, {zone}, "_acme-challenge.www.example.test.");

    ASSERT_TRUE(target) << target.error().message;
    EXPECT_EQ(target->zone.name, "example.test.");
    EXPECT_EQ(target->fqdn, "_acme-challenge.www.example.test.");
    for (const std::string& asked : AskedRecursively(server))
      EXPECT_EQ(asked.find("_acme-challenge"), std::string::npos) << asked;
  }
}

TEST(FindTargets, NoResolverIsAskedForAChallengeNameThoughNobodyAnswersWithAuthority) {
  const FakeDnsServer server([](const DnsAsked& asked) {
    DnsAnswer answer = Serving({}, {"example.test."})(asked);
    answer.is_authoritative = false;
    return answer;
  });

  const auto target = FindOne(server, {"example.test"}, "_acme-challenge.www.example.test.");

  ASSERT_TRUE(target) << target.error().message;
  EXPECT_EQ(target->fqdn, "_acme-challenge.www.example.test.");
  for (const std::string& asked : AskedRecursively(server)) EXPECT_EQ(asked.find("_acme-challenge"), std::string::npos) << asked;
}

TEST(FindTargets, TheGivenServersTellOfACnameWhereTheZonesOwnCannotBeReached) {
  const FakeDnsServer recursive([](const DnsAsked& asked) {
    if (!asked.wants_recursion) return DnsAnswer{.rcode = base::dns::Rcode::kRefused, .is_authoritative = false};
    DnsAnswer answer = Serving({{"_acme-challenge.example.test.", "x.example.test."}}, {"example.test."})(asked);
    answer.is_authoritative = false;
    return answer;
  });
  const auto connections = Connections({"example.test"});
  Asking asking(recursive);
  asking.options.nameservers = {recursive.text()};

  const auto targets = FindTargets(RealCall(), connections, asking.resolver, asking.authority, {"_acme-challenge.example.test."});

  ASSERT_TRUE(targets) << targets.error().message;
  EXPECT_EQ(targets->front().fqdn, "x.example.test.");
  EXPECT_FALSE(asking.authority.HasAnswered("example.test."));
}

// The CA may ask the same resolver: "no such name" has to be forgotten when the record is there.
TEST(FindTargets, AResolverThatRemembersForMinutesIsNotAskedForAChallengeName) {
  const FakeDnsServer recursive([](const DnsAsked& asked) {
    if (!asked.wants_recursion) return DnsAnswer{.rcode = base::dns::Rcode::kRefused, .is_authoritative = false};
    DnsAnswer answer = Serving({}, {"example.test."})(asked);
    answer.is_authoritative = false;
    if (asked.type == "SOA" && asked.name == "example.test.")
      answer.answers = {"example.test. 60 IN SOA ns.test. op.test. 1 2 3 4 300"};
    return answer;
  });
  const auto connections = Connections({"example.test"});
  Asking asking(recursive);
  asking.options.nameservers = {recursive.text()};

  const auto targets = FindTargets(RealCall(), connections, asking.resolver, asking.authority, {"_acme-challenge.example.test."});

  ASSERT_TRUE(targets) << targets.error().message;
  EXPECT_EQ(targets->front().fqdn, "_acme-challenge.example.test.");
  for (const std::string& asked : AskedRecursively(recursive))
    EXPECT_EQ(asked.find("_acme-challenge"), std::string::npos) << asked;
}

TEST(FindTargets, AsksTheZonesServersForTheCnameWithoutRecursion) {
  const FakeDnsServer server(Serving({{"_acme-challenge.example.test.", "x.example.test."}}));

  const auto target = FindOne(server, {"example.test"}, "_acme-challenge.example.test.");

  ASSERT_TRUE(target);
  EXPECT_EQ(target->fqdn, "x.example.test.");
  EXPECT_EQ(AskedRecursively(server), (std::set<std::string>{"A ns.test.", "AAAA ns.test.", "NS example.test."}));
}

TEST(FindTargets, ANameBelowAZoneCutIsRefusedWithTheZoneToAdd) {
  const FakeDnsServer referring([](const DnsAsked& asked) {
    DnsAnswer answer = Serving({})(asked);
    if (asked.type != "CNAME") return answer;
    return DnsAnswer{.authority = {"sub.example.test. 60 IN NS ns.test."}, .is_authoritative = asked.nth > 1};
  });
  const FakeDnsServer knowing([](const DnsAsked& asked) {
    DnsAnswer answer = Serving({})(asked);
    if (asked.type == "CNAME") answer.authority = {"sub.example.test. 60 IN SOA ns.test. op.test. 1 2 3 4 5"};
    return answer;
  });
  for (const FakeDnsServer* server : {&referring, &knowing}) {
    const auto target = FindOne(*server, {"example.test"}, "_acme-challenge.www.sub.example.test.");

    ASSERT_FALSE(target);
    EXPECT_EQ(target.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(
        target.error().message,
        "_acme-challenge.www.sub.example.test. lies in the zone sub.example.test., which is delegated away from example.test.: "
        "add a `dns` entry with zone = \"sub.example.test\"");
  }
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
  EXPECT_EQ(target.error().message, "no zone was found for example.test.");
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

  const auto ends = Asking(server).Follow({"a.test."});

  ASSERT_FALSE(ends);
  EXPECT_EQ(ends.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(ends.error().message, "the CNAMEs run in a loop: a.test. -> b.test. -> c.test. -> a.test.");
}

TEST(FollowCnames, GoesSixteenHopsAndNoFurther) {
  std::map<std::string, std::string> chain;
  for (int i = 0; i < 17; ++i) chain[base::Cat("n", i, ".test.")] = base::Cat("n", i + 1, ".test.");
  const FakeDnsServer server(Serving(chain));

  const auto sixteen = Asking(server).Follow({"n1.test."});
  const auto seventeen = Asking(server).Follow({"n0.test."});

  ASSERT_TRUE(sixteen) << sixteen.error().message;
  EXPECT_EQ(sixteen->front().end(), "n17.test.");
  ASSERT_FALSE(seventeen);
  EXPECT_EQ(seventeen.error().message, "more than 16 CNAMEs in a row begin at n0.test.");
}

TEST(FollowCnames, KeepsTheNameWhenTheLookupFailsAndWarns) {
  const FakeDnsServer server([](const DnsAsked&) { return DnsAnswer{.rcode = base::dns::Rcode::kRefused}; });
  const auto log = std::make_shared<tests::LogCapture>();
  base::Call call = RealCall();
  call.log = base::Log(log);

  const auto ends = Asking(server).Follow({"a.test.", "b.test."}, call);

  ASSERT_TRUE(ends);
  EXPECT_EQ((*ends)[0].end(), "a.test.");
  EXPECT_EQ((*ends)[1].end(), "b.test.");
  EXPECT_EQ(log->text(), "CNAMEs not looked up: no authoritative server answered fqdn=a.test. count=2\n");
}

TEST(FollowCnames, ACancelIsNoFailedLookup) {
  const FakeDnsServer server(Serving({}));
  std::stop_source stop;
  stop.request_stop();

  const auto ends = Asking(server).Follow({"a.test."}, RealCall(std::chrono::seconds(5), stop.get_token()));

  ASSERT_FALSE(ends);
  EXPECT_EQ(ends.error().kind, ErrorKind::kCancelled);
}

}  // namespace
}  // namespace engine::dns
