// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/propagation.h"

#include <gtest/gtest.h>

#include <array>

#include "base/text.h"
#include "tests/support/fake_dns_server.h"

namespace engine::dns {
namespace {

using base::ErrorKind;
using base::dns::Rcode;
using tests::DnsAnswer;
using tests::DnsAsked;
using tests::FakeDnsServer;
using tests::RealCall;
using tests::TxtLine;

constexpr char kName[] = "_acme-challenge.example.test.";

const std::vector<ExpectedText>& Expected() {
  static const std::vector<ExpectedText> expected{{.zone = "example.test.", .fqdn = kName, .values = {"one", "two"}}};
  return expected;
}

DnsAnswer Both(const DnsAsked&) { return {.answers = {TxtLine(kName, "two"), TxtLine(kName, "other"), TxtLine(kName, "one")}}; }
DnsAnswer Nothing(const DnsAsked&) { return {.rcode = Rcode::kNxDomain}; }
DnsAnswer Silence(const DnsAsked&) { return {.is_dropped = true}; }

base::Result<void> Wait(const std::vector<const FakeDnsServer*>& servers, WaitFor wait_for = WaitFor::kAll,
                        std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
  PropagationOptions options{.timeout = timeout, .wait_for = wait_for};
  for (const FakeDnsServer* server : servers) options.nameservers.push_back(server->text());
  const base::dns::Resolver resolver({}, base::SystemRandom());
  return WaitForTexts(RealCall(), options, resolver, base::SystemRandom(), Expected());
}

TEST(IsVisible, WaitsForAllReachableServers) {
  const auto all = [](std::vector<Sight> servers) { return IsVisible(servers, WaitFor::kAll); };

  EXPECT_TRUE(all({Sight::kHas, Sight::kHas}));
  EXPECT_TRUE(all({Sight::kHas, Sight::kUseless})) << "a dead server is left out";
  EXPECT_FALSE(all({Sight::kHas, Sight::kLacking}));
  EXPECT_FALSE(all({Sight::kHas, Sight::kUnknown}));
  EXPECT_FALSE(all({Sight::kUseless, Sight::kUseless})) << "someone must have it";
  EXPECT_FALSE(all({}));
}

TEST(IsVisible, WaitsForAMajorityOfReachableServers) {
  const auto majority = [](std::vector<Sight> servers) { return IsVisible(servers, WaitFor::kMajority); };

  EXPECT_TRUE(majority({Sight::kHas, Sight::kHas, Sight::kLacking}));
  EXPECT_FALSE(majority({Sight::kHas, Sight::kLacking}));
  EXPECT_FALSE(majority({Sight::kHas, Sight::kUnknown}));
  EXPECT_TRUE(majority({Sight::kHas, Sight::kUseless, Sight::kUseless}));
  EXPECT_FALSE(majority({}));
}

TEST(WaitForTexts, EndsWithOneQueryWhenTheValuesAreThere) {
  const FakeDnsServer server(Both);

  const auto seen = Wait({&server});

  EXPECT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(server.asked().size(), 1u);
}

TEST(WaitForTexts, PollsUntilEachServerHasEveryValue) {
  const FakeDnsServer quick(Both);
  const FakeDnsServer slow([](const DnsAsked& asked) {
    if (asked.nth == 1) return DnsAnswer{.rcode = Rcode::kNxDomain};
    if (asked.nth == 2) return DnsAnswer{.answers = {TxtLine(kName, "one")}};
    return Both(asked);
  });

  const auto seen = Wait({&quick, &slow});

  EXPECT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(slow.asked().size(), 3u);
  EXPECT_EQ(quick.asked().size(), 1u) << "a server that has it is not asked again";
}

TEST(WaitForTexts, LeavesADeadServerOut) {
  const FakeDnsServer alive(Both);
  const FakeDnsServer dead(Silence);
  const FakeDnsServer refusing([](const DnsAsked&) { return DnsAnswer{.rcode = Rcode::kRefused}; });

  const auto seen = Wait({&alive, &dead, &refusing});

  EXPECT_TRUE(seen) << seen.error().message;
}

TEST(WaitForTexts, AMajorityDoesNotWaitForTheRest) {
  const FakeDnsServer first(Both);
  const FakeDnsServer second(Both);
  const FakeDnsServer behind(Nothing);

  const auto seen = Wait({&first, &second, &behind}, WaitFor::kMajority);

  EXPECT_TRUE(seen) << seen.error().message;
}

TEST(WaitForTexts, TheTimeOutTellsWhatEachServerAnswered) {
  const FakeDnsServer having(Both);
  const FakeDnsServer lacking(Nothing);
  const FakeDnsServer other([](const DnsAsked&) { return DnsAnswer{.answers = {TxtLine(kName, "one"), TxtLine(kName, "old")}}; });
  const FakeDnsServer alias([](const DnsAsked&) { return DnsAnswer{.answers = {base::Cat(kName, " 60 IN CNAME x.test.")}}; });
  const FakeDnsServer refusing([](const DnsAsked&) { return DnsAnswer{.rcode = Rcode::kRefused}; });
  const FakeDnsServer dead(Silence);

  const auto seen = Wait({&having, &lacking, &other, &alias, &refusing, &dead}, WaitFor::kAll, std::chrono::milliseconds(150));

  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(seen.error().message,
            "the challenge records did not appear at the name servers within 150ms (`propagation.timeout`)");
  EXPECT_EQ(seen.error().details, (std::vector<std::string>{
                                      having.text() + ": has all records of example.test.",
                                      lacking.text() + ": _acme-challenge.example.test. NXDOMAIN",
                                      other.text() + ": _acme-challenge.example.test. 2 TXT values, but not all that are wanted",
                                      alias.text() + ": _acme-challenge.example.test. a CNAME to x.test.",
                                      refusing.text() + ": _acme-challenge.example.test. REFUSED",
                                      dead.text() + ": _acme-challenge.example.test. not answered yet",
                                  }));
}

TEST(WaitForTexts, ListsThreeNamesAServerAndCountsTheRest) {
  const FakeDnsServer server(Nothing);
  std::vector<ExpectedText> expected;
  for (int i = 0; i < 5; ++i) expected.push_back({.zone = "z.", .fqdn = base::Cat("n", i, ".z."), .values = {"v"}});
  const PropagationOptions options{.nameservers = {server.text()}, .timeout = std::chrono::milliseconds(100)};

  const auto seen = WaitForTexts(RealCall(), options, {{}, base::SystemRandom()}, base::SystemRandom(), expected);

  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().details,
            std::vector<std::string>{server.text() + ": n0.z. NXDOMAIN; n1.z. NXDOMAIN; n2.z. NXDOMAIN; and 2 more names"});
}

// One server is resolver and name server at once, on one port.
DnsAnswer WholeWorld(const DnsAsked& asked) {
  if (asked.type == "NS") return {.answers = {"example.test. 60 IN NS ns1.example.test."}};
  if (asked.type == "A") return {.answers = {"ns1.example.test. 60 IN A 127.0.0.1"}};
  if (asked.type == "TXT") return Both(asked);
  return {};
}

TEST(WaitForTexts, AsksTheZonesOwnServersWithoutRecursion) {
  const FakeDnsServer server(WholeWorld);
  const PropagationOptions options{.timeout = std::chrono::seconds(10), .nameserver_port = server.address().port};
  const base::dns::Resolver resolver({server.address()}, base::SystemRandom());

  const auto seen = WaitForTexts(RealCall(), options, resolver, base::SystemRandom(), Expected());

  EXPECT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(server.asked().back().type, "TXT");
  EXPECT_FALSE(server.asked().back().wants_recursion);
}

TEST(WaitForTexts, NamesAServerByHostAndAddress) {
  const FakeDnsServer server([](const DnsAsked& asked) { return asked.type == "TXT" ? Nothing(asked) : WholeWorld(asked); });
  const PropagationOptions options{.timeout = std::chrono::milliseconds(100), .nameserver_port = server.address().port};
  const base::dns::Resolver resolver({server.address()}, base::SystemRandom());

  const auto seen = WaitForTexts(RealCall(), options, resolver, base::SystemRandom(), Expected());

  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().details,
            std::vector<std::string>{base::Cat("ns1.example.test. (", server.text(), "): ", kName, " NXDOMAIN")});
}

// lego#1432: the zone was moved away, and the server passes the question on, or knows nothing.
TEST(WaitForTexts, ALameServerCountsAsNone) {
  for (const bool is_alone : {false, true}) {
    const FakeDnsServer server([&](const DnsAsked& asked) {
      if (asked.type != "TXT") return WholeWorld(asked);
      DnsAnswer answer = asked.nth % 2 == 1 && !is_alone ? Both(asked) : Nothing(asked);
      answer.is_authoritative = asked.nth % 2 == 1 && !is_alone;
      return answer;
    });
    const PropagationOptions options{.timeout = std::chrono::milliseconds(300), .nameserver_port = server.address().port};
    const base::dns::Resolver resolver({server.address()}, base::SystemRandom());

    const auto seen = WaitForTexts(RealCall(), options, resolver, base::SystemRandom(), Expected());

    EXPECT_EQ(seen.ok(), !is_alone);
    if (seen) continue;
    EXPECT_NE(base::Join(seen.error().details, "\n").find("an answer without authority"), std::string::npos);
  }
}

TEST(WaitForTexts, TellsHowLongARecursiveServerKeepsNoSuchName) {
  const FakeDnsServer server([](const DnsAsked&) {
    return DnsAnswer{.rcode = Rcode::kNxDomain,
                     .authority = {"example.test. 290 IN SOA ns.test. op.test. 1 2 3 4 300"},
                     .is_authoritative = false};
  });

  const auto seen = Wait({&server}, WaitFor::kAll, std::chrono::milliseconds(100));

  ASSERT_FALSE(seen);
  EXPECT_NE(seen.error().details.front().find("NXDOMAIN, cached for 290 s more"), std::string::npos)
      << seen.error().details.front();
}

TEST(WaitForTexts, AZoneWithoutServersIsAnErrorThatSaysWhatToSet) {
  const FakeDnsServer server([](const DnsAsked&) { return DnsAnswer{}; });
  const base::dns::Resolver resolver({server.address()}, base::SystemRandom());

  const auto seen = WaitForTexts(RealCall(), {}, resolver, base::SystemRandom(), Expected());

  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(seen.error().message,
            "the resolvers know no name server of the zone example.test.; set propagation.nameservers to its servers");
}

TEST(WaitForTexts, ACancelEndsTheWait) {
  const FakeDnsServer server(Nothing);
  std::stop_source stop;
  const std::jthread canceller([&] {
    server.WaitUntilAsked();
    stop.request_stop();
  });
  const PropagationOptions options{.nameservers = {server.text()}};

  const auto seen = WaitForTexts(RealCall(std::chrono::seconds(20), stop.get_token()), options, {{}, base::SystemRandom()},
                                 base::SystemRandom(), Expected());

  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().kind, ErrorKind::kCancelled);
}

TEST(WaitForTexts, WatchesManyNamesAtSeveralServers) {
  const auto script = [](const DnsAsked& asked) { return DnsAnswer{.answers = {TxtLine(asked.name, "v")}}; };
  const FakeDnsServer first(script);
  const FakeDnsServer second(script);
  std::vector<ExpectedText> expected;
  for (int i = 0; i < 200; ++i)
    expected.push_back({.zone = base::Cat("z", i % 3, "."), .fqdn = base::Cat("n", i, ".test."), .values = {"v"}});
  const PropagationOptions options{.nameservers = {first.text(), second.text()}};

  const auto seen = WaitForTexts(RealCall(), options, {{}, base::SystemRandom()}, base::SystemRandom(), expected);

  EXPECT_TRUE(seen) << seen.error().message;
}

}  // namespace
}  // namespace engine::dns
