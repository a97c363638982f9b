// SPDX-License-Identifier: MPL-2.0
#include "base/dns/resolver.h"

#include <gtest/gtest.h>

#include <map>

#include "base/text.h"
#include "tests/support/fake_dns_server.h"

namespace base::dns {
namespace {

using tests::DnsAnswer;
using tests::DnsAsked;
using tests::FakeDnsServer;
using tests::RealCall;

// Answers by "name TYPE"; all else does not exist and lies in the zone "test.".
FakeDnsServer::Script Serving(std::map<std::string, DnsAnswer> answers) {
  return [answers = std::move(answers)](const DnsAsked& asked) {
    const auto found = answers.find(asked.name + " " + asked.type);
    if (found != answers.end()) return found->second;
    return DnsAnswer{.rcode = Rcode::kNxDomain, .authority = {"test. 60 IN SOA ns.test. op.test. 1 2 3 4 5"}};
  };
}

Resolver Using(std::vector<ServerAddress> servers) { return Resolver(std::move(servers), SystemRandom()); }

std::string FindZone(const FakeDnsServer& server, const std::string& name) {
  const auto zone = Using({server.address()}).FindZones(RealCall(), std::span(&name, 1)).front();
  return zone ? *zone : zone.error().message;
}

TEST(FindZones, TakesTheZoneThatAnEmptyAnswerNames) {
  const FakeDnsServer server(Serving({}));

  EXPECT_EQ(FindZone(server, "_acme-challenge.a.b.test"), "test.");
  EXPECT_EQ(server.asked().size(), 1u);
}

TEST(FindZones, WalksUpWhereTheServerNamesNoZone) {
  const FakeDnsServer server(
      Serving({{"a.b.test. SOA", {}}, {"b.test. SOA", {.answers = {"b.test. 60 IN SOA ns.b.test. op.b.test. 1 2 3 4 5"}}}}));

  EXPECT_EQ(FindZone(server, "a.b.test"), "b.test.");
}

TEST(FindZones, IsNotFooledByAWildcardCname) {
  const FakeDnsServer server(Serving({{"x.b.test. SOA",
                                       {.answers = {"x.b.test. 60 IN CNAME lb.vendor.test.",
                                                    "lb.vendor.test. 60 IN SOA ns.vendor.test. op.vendor.test. 1 2 3 4 5"},
                                        .authority = {"vendor.test. 60 IN SOA ns.vendor.test. op.vendor.test. 1 2 3 4 5"}}},
                                      {"b.test. SOA", {.answers = {"b.test. 60 IN SOA ns.b.test. op.b.test. 1 2 3 4 5"}}}}));

  EXPECT_EQ(FindZone(server, "x.b.test"), "b.test.");
}

TEST(FindZones, PassesOverANameThatTheServerFailsFor) {
  const FakeDnsServer server(Serving({{"a.b.test. SOA", {.rcode = Rcode::kServFail}}}));

  EXPECT_EQ(FindZone(server, "a.b.test"), "test.");
}

TEST(FindZones, FindsNoneWhereOnlyTheRootAnswers) {
  const FakeDnsServer server([](const DnsAsked&) {
    return DnsAnswer{.rcode = Rcode::kNxDomain, .authority = {". 60 IN SOA a.root. op.root. 1 2 3 4 5"}};
  });
  const std::string name = "a.nowhere.";

  const auto zone = Using({server.address()}).FindZones(RealCall(), std::span(&name, 1)).front();

  ASSERT_FALSE(zone);
  EXPECT_EQ(zone.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(zone.error().message, "no zone was found for a.nowhere.");
}

TEST(FindCnames, FindsTheTargetOfTheNameItself) {
  const FakeDnsServer server(Serving({{"a.test. CNAME", {.answers = {"a.test. 60 IN CNAME B.test."}}},
                                      {"c.test. CNAME", {.answers = {"other.test. 60 IN CNAME b.test."}}}}));
  const std::vector<std::string> names{"a.test.", "b.test.", "c.test."};

  const auto targets = Using({server.address()}).FindCnames(RealCall(), names);

  EXPECT_EQ(*targets[0], "b.test.");
  EXPECT_EQ(*targets[1], std::nullopt);
  EXPECT_EQ(*targets[2], std::nullopt);
  EXPECT_TRUE(server.asked().front().wants_recursion);
}

TEST(FindNameServers, ListsTheHostsSorted) {
  const FakeDnsServer server(Serving({{"test. NS", {.answers = {"test. 60 IN NS ns2.test.", "test. 60 IN NS ns1.test."}}}}));

  const auto hosts = Using({server.address()}).FindNameServers(RealCall(), "test");

  ASSERT_TRUE(hosts);
  EXPECT_EQ(*hosts, (std::vector<std::string>{"ns1.test.", "ns2.test."}));
}

TEST(FindAddresses, GathersBothFamilies) {
  const FakeDnsServer server(Serving({{"ns1.test. A", {.answers = {"ns1.test. 60 IN A 192.0.2.1"}}},
                                      {"ns1.test. AAAA", {.answers = {"ns1.test. 60 IN AAAA 2001:db8::1"}}},
                                      {"ns2.test. A", {.answers = {"ns2.test. 60 IN A 192.0.2.2"}}},
                                      {"ns2.test. AAAA", {.rcode = Rcode::kServFail}}}));
  const std::vector<std::string> hosts{"ns1.test.", "ns2.test.", "ns3.test."};

  const auto addresses = Using({server.address()}).FindAddresses(RealCall(), hosts);

  EXPECT_EQ(*addresses[0], (std::vector<std::string>{"192.0.2.1", "2001:db8::1"}));
  EXPECT_EQ(*addresses[1], std::vector<std::string>{"192.0.2.2"});
  EXPECT_TRUE(addresses[2]->empty());
}

TEST(Ask, GoesToTheNextServerForWhatTheFirstDoesNotAnswer) {
  const FakeDnsServer refusing([](const DnsAsked& asked) {
    return asked.name == "good.test." ? DnsAnswer{.answers = {tests::TxtLine("good.test.", "first")}}
                                      : DnsAnswer{.rcode = Rcode::kRefused};
  });
  const FakeDnsServer second([](const DnsAsked& asked) { return DnsAnswer{.answers = {tests::TxtLine(asked.name, "second")}}; });
  const std::vector<Question> questions{{.name = "good.test."}, {.name = "bad.test."}};

  const auto answers = Using({refusing.address(), second.address()}).Ask(RealCall(), questions);

  EXPECT_EQ(answers[0]->answers.at(0).data, "first");
  EXPECT_EQ(answers[1]->answers.at(0).data, "second");
  EXPECT_EQ(second.asked().size(), 1u);
}

TEST(Ask, NamesTheServerAndItsAnswerWhenNoneHelps) {
  const FakeDnsServer server([](const DnsAsked&) { return DnsAnswer{.rcode = Rcode::kServFail}; });
  const Question question{.name = "a.test."};

  const auto answer = Using({server.address()}).Ask(RealCall(), std::span(&question, 1)).front();

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(answer.error().message, Cat(server.text(), ": SERVFAIL"));
}

TEST(Ask, AMalformedAnswerIsNoAnswer) {
  const FakeDnsServer server([](const DnsAsked& asked) {
    return DnsAnswer{.raw = Cat("\x84", '\0', asked.wire.substr(4, 2), '\0', '\xFF', asked.wire.substr(8))};
  });
  const Question question{.name = "a.test."};

  const auto answer = Using({server.address()}).Ask(RealCall(), std::span(&question, 1)).front();

  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("not a DNS message"), std::string::npos) << answer.error().message;
}

TEST(ParseResolvers, LeavesOutWhatIsNotAnAddress) {
  const std::vector<std::string> addresses = {"192.0.2.1", "", "2001:db8::1", "fe80::1%eth0"};

  EXPECT_EQ(ParseResolvers(addresses),
            (std::vector<ServerAddress>{{.host = "192.0.2.1"}, {.host = "2001:db8::1"}, {.host = "fe80::1%eth0"}}));
}

TEST(ParseResolvers, FallsBackToLoopback) { EXPECT_EQ(ParseResolvers({}), (std::vector<ServerAddress>{{.host = "127.0.0.1"}})); }

}  // namespace
}  // namespace base::dns
