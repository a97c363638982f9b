// SPDX-License-Identifier: MPL-2.0
#include "base/dns/exchange.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/dns/message.h"
#include "base/dns/resolve_host.h"
#include "base/random.h"
#include "base/text.h"
#include "tests/support/fake_dns_server.h"

namespace base::dns {
namespace {

using std::chrono::milliseconds;
using tests::DnsAnswer;
using tests::DnsAsked;
using tests::FakeDnsServer;
using tests::RealCall;
using tests::TxtLine;

Outgoing Ask(const FakeDnsServer& server, const std::string& name = "a.test.", milliseconds patience = milliseconds(5000)) {
  return {.server = server.address(),
          .message = *BuildQuery(RandomId(SystemRandom()), {.name = name}, Recursion::kUnwanted),
          .patience = patience};
}

Result<std::string> AskOne(const Outgoing& outgoing, const Call& call = RealCall()) {
  return ExchangeAll(call, std::span(&outgoing, 1)).front();
}

// The first TXT value, or why there is none.
std::string Value(const Result<std::string>& reply) {
  if (!reply) return reply.error().message;
  const auto message = ParseMessage(*reply);
  if (!message) return message.error().message;
  return message->answers.empty() ? "no answer record" : message->answers.front().data;
}

DnsAnswer Echo(const DnsAsked& asked) { return {.answers = {TxtLine(asked.name, "for " + asked.name)}}; }

TEST(Exchange, BringsEachReplyToItsQuestion) {
  const FakeDnsServer first(Echo);
  const FakeDnsServer second(Echo, FakeDnsServer::Speaks::kUdpAndTcp, FakeDnsServer::Family::kV6);
  std::vector<Outgoing> messages;
  for (int i = 0; i < 100; ++i) messages.push_back(Ask(i % 2 == 0 ? first : second, Cat("name-", i, ".test.")));

  const auto replies = ExchangeAll(RealCall(), messages);

  for (int i = 0; i < 100; ++i) EXPECT_EQ(Value(replies[static_cast<std::size_t>(i)]), Cat("for name-", i, ".test."));
}

TEST(Exchange, SendsAgainWhatGotLost) {
  const FakeDnsServer server([](const DnsAsked& asked) {
    DnsAnswer answer = Echo(asked);
    answer.is_dropped = asked.nth == 1;
    return answer;
  });

  EXPECT_EQ(Value(AskOne(Ask(server))), "for a.test.");
  EXPECT_EQ(server.asked().size(), 2u);
}

TEST(Exchange, GoesOverToTcpWhenTheReplyIsTruncated) {
  const FakeDnsServer server([](const DnsAsked& asked) {
    DnsAnswer answer = Echo(asked);
    answer.is_truncated = true;
    return answer;
  });

  EXPECT_EQ(Value(AskOne(Ask(server))), "for a.test.");
  EXPECT_TRUE(server.asked().back().by_tcp);
}

TEST(Exchange, GoesOverToTcpWhereUdpStaysSilent) {
  const FakeDnsServer server([](const DnsAsked& asked) {
    DnsAnswer answer = Echo(asked);
    answer.is_dropped = !asked.by_tcp;
    return answer;
  });

  EXPECT_EQ(Value(AskOne(Ask(server))), "for a.test.");
}

TEST(Exchange, GoesOverToTcpAtOnceWhereUdpIsRefused) {
  const FakeDnsServer server(Echo, FakeDnsServer::Speaks::kTcpOnly);

  EXPECT_EQ(Value(AskOne(Ask(server))), "for a.test.");
  EXPECT_EQ(server.asked().size(), 1u);
}

TEST(Exchange, SendsALongRequestByTcpAlone) {
  const FakeDnsServer server(Echo);
  Outgoing outgoing = Ask(server);
  outgoing.message.append(std::string(600, '\0'));  // servers pass over what stands behind the message

  EXPECT_EQ(Value(AskOne(outgoing)), "for a.test.");
  EXPECT_EQ(server.asked().size(), 1u);
  EXPECT_TRUE(server.asked().front().by_tcp);
}

TEST(Exchange, UsesTcpAloneWhenToldSo) {
  const FakeDnsServer server(Echo);
  Outgoing outgoing = Ask(server);
  outgoing.transport = TransportProtocol::kTcp;

  EXPECT_EQ(Value(AskOne(outgoing)), "for a.test.");
  EXPECT_EQ(server.asked().size(), 1u);
  EXPECT_TRUE(server.asked().front().by_tcp);
}

TEST(Exchange, SendsManyMessagesOverOneTcpConnection) {
  const FakeDnsServer server(Echo);
  std::vector<Outgoing> messages;
  for (int i = 0; i < 10; ++i) {
    messages.push_back(Ask(server, Cat("name-", i, ".test.")));
    messages.back().transport = TransportProtocol::kTcp;
  }

  const auto replies = ExchangeAll(RealCall(), messages);

  for (int i = 0; i < 10; ++i) EXPECT_EQ(Value(replies[static_cast<std::size_t>(i)]), Cat("for name-", i, ".test."));
}

TEST(Exchange, PassesOverForgedReplies) {
  for (const bool wrong_id : {true, false}) {
    const FakeDnsServer server([&](const DnsAsked& asked) {
      DnsAnswer answer = Echo(asked);
      answer.has_wrong_id = wrong_id && asked.nth == 1;
      answer.has_wrong_question = !wrong_id && asked.nth == 1;
      return answer;
    });

    EXPECT_EQ(Value(AskOne(Ask(server))), "for a.test.");
    EXPECT_EQ(server.asked().size(), 2u);
  }
}

TEST(Exchange, SaysThatAServerDidNotAnswer) {
  const FakeDnsServer server([](const DnsAsked&) { return DnsAnswer{.is_dropped = true}; });

  const auto reply = AskOne(Ask(server, "a.test.", milliseconds(100)));

  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(reply.error().message, Cat(server.text(), ": no answer within 100ms"));
  EXPECT_EQ(reply.error().delivery, base::Delivery::kUnknown);
}

TEST(Exchange, SaysThatNothingListens) {
  ServerAddress address;
  {
    const FakeDnsServer gone(Echo);
    address = gone.address();
  }

  const auto reply = AskOne({.server = address, .message = *BuildQuery(1, {.name = "a.test."}, Recursion::kUnwanted)});

  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().message, Cat(ToText(address), ": connection refused"));
  EXPECT_EQ(reply.error().delivery, base::Delivery::kNotSent);
}

TEST(Exchange, SaysThatTheServerClosedTheConnection) {
  const FakeDnsServer server([](const DnsAsked&) { return DnsAnswer{.closes_connection = true}; });
  Outgoing outgoing = Ask(server);
  outgoing.transport = TransportProtocol::kTcp;

  const auto reply = AskOne(outgoing);

  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().message, Cat(server.text(), ": the server closed the connection"));
  EXPECT_EQ(reply.error().delivery, base::Delivery::kUnknown) << "it may have been acted on";
}

TEST(Exchange, AServerThatIsDeadHoldsUpNoOther) {
  const FakeDnsServer dead([](const DnsAsked&) { return DnsAnswer{.is_dropped = true}; });
  const FakeDnsServer alive(Echo);
  Exchange exchange(RealCall());
  exchange.Start(Ask(dead));
  const std::size_t number = exchange.Start(Ask(alive));

  const auto first = exchange.Next(milliseconds(5000));

  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->number, number);
}

TEST(Exchange, NextIsEmptyWhenNothingEnds) {
  const FakeDnsServer dead([](const DnsAsked&) { return DnsAnswer{.is_dropped = true}; });
  Exchange exchange(RealCall());
  exchange.Start(Ask(dead));

  const auto none = exchange.Next(milliseconds(10));

  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
}

TEST(Exchange, ACancelEndsItWithin100Milliseconds) {
  const FakeDnsServer dead([](const DnsAsked&) { return DnsAnswer{.is_dropped = true}; });
  std::stop_source stop;
  SteadyTime stopped_at;
  const std::jthread canceller([&] {
    dead.WaitUntilAsked();
    stopped_at = RealClock().SteadyNow();
    stop.request_stop();
  });

  const auto reply = AskOne(Ask(dead), RealCall(std::chrono::seconds(20), stop.get_token()));

  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::kCancelled);
  EXPECT_LT(RealClock().SteadyNow() - stopped_at, milliseconds(100));
}

TEST(Exchange, ACancelledCallSendsNothing) {
  const FakeDnsServer server(Echo);
  std::stop_source stop;
  stop.request_stop();

  const auto reply = AskOne(Ask(server), RealCall(std::chrono::seconds(20), stop.get_token()));

  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().delivery, base::Delivery::kNotSent);
  EXPECT_TRUE(server.asked().empty());
}

TEST(Exchange, TheDeadlineEndsIt) {
  const FakeDnsServer dead([](const DnsAsked&) { return DnsAnswer{.is_dropped = true}; });

  const auto reply = AskOne(Ask(dead), RealCall(milliseconds(50)));

  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::kTimeout);
}

TEST(ResolveHost, LeavesNumericAddressesAlone) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    const auto found = ResolveHost(RealCall(), {.host = host, .port = 10053});

    ASSERT_TRUE(found);
    EXPECT_EQ(*found, (std::vector<ServerAddress>{{.host = host, .port = 10053}}));
  }
}

TEST(ResolveHost, FindsAddressesOfANameAndKeepsThePort) {
  const auto found = ResolveHost(RealCall(), {.host = "localhost", .port = 10053});

  ASSERT_TRUE(found) << found.error().message;
  ASSERT_FALSE(found->empty());
  EXPECT_EQ(found->front().port, 10053);
  EXPECT_TRUE(found->front().host == "127.0.0.1" || found->front().host == "::1") << found->front().host;
}

TEST(ResolveHost, SaysWhichNameHasNoAddress) {
  const auto found = ResolveHost(RealCall(std::chrono::seconds(10)), {.host = "no-such-host.invalid"});

  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("no-such-host.invalid"), std::string::npos) << found.error().message;
}

}  // namespace
}  // namespace base::dns
