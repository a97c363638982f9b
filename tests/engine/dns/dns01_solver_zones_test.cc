// SPDX-License-Identifier: MPL-2.0
// Which connection and zone a challenge record goes to, where zones are given by the vendors' ids and names lead elsewhere by
// CNAME.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "base/dns/exchange.h"
#include "base/text.h"
#include "engine/dns/dns01_solver.h"
#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/aws/fake_route53.h"
#include "tests/engine/vendors/cloudflare/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/handler_transport.h"
#include "tests/support/settings.h"

namespace tests {
namespace {

using base::ErrorKind;
using engine::acme::ChallengeRecord;
using engine::dns::DnsConnection;

ChallengeRecord Challenge(const std::string& identifier) {
  return {.identifier = identifier, .fqdn = "_acme-challenge." + identifier + ".", .value = "value"};
}

// Route 53 with example.test and Cloudflare with twice.test, and a resolver that knows CNAMEs.
class SolverZones : public testing::Test {
 protected:
  DnsConnection AtRoute53(const std::string& zone) const {
    DnsConnection at{.connection = {.kind = "aws",
                                    .id = base::Cat("aws ", TestName()),
                                    .settings = ConnectionSettings(
                                        "aws", {{"endpoint_url", FakeRoute53::kUrl}, {"access_key_id", FakeRoute53::kKeyId}})},
                     .zone = zone};
    Put(at.connection.settings, "secret_access_key", base::Secret(FakeRoute53::kSecret));
    return at;
  }

  DnsConnection AtCloudflare(const std::string& zone, const char* token = FakeCloudflare::kToken) const {
    DnsConnection at{.connection = {.kind = "cloudflare",
                                    .id = base::Cat("cloudflare ", TestName()),
                                    .settings = ConnectionSettings("cloudflare", {{"endpoint_url", FakeCloudflare::kUrl}})},
                     .zone = zone};
    Put(at.connection.settings, "api_token", base::Secret(token));
    return at;
  }

  std::unique_ptr<engine::acme::Solver> Make(std::vector<DnsConnection> connections) {
    resolver_.emplace([this](const DnsAsked& asked) { return Resolve(asked); });
    engine::dns::SolverOptions options{
        .connections = std::move(connections),
        .propagation = {.resolvers = {resolver_->text()}, .disable = true},
        .deps = {.providers = {.http = &transport_, .random = &base::SystemRandom(), .shared = shared_},
                 .find_provider = engine::vendors::FindDnsProvider}};
    auto made = engine::dns::MakeDns01Solver(std::move(options));
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return *std::move(made);
  }

  DnsAnswer Resolve(const DnsAsked& asked) const {
    const auto found = cnames_.find(asked.name);
    const bool is_apex = asked.type == "SOA" && std::ranges::find(zones_, asked.name) != zones_.end();
    if (is_apex) return {.answers = {asked.name + " 60 IN SOA ns.test. op.test. 1 2 3 4 5"}};
    if (found == cnames_.end()) return {.rcode = base::dns::Rcode::kNxDomain};
    return {.answers = {base::Cat(asked.name, " 60 IN CNAME ", has_moved_ ? "moved." : "", found->second)}};
  }

  // A name of its own, so that nothing is known from another test of the process.
  static std::string TestName() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }

  static void ExpectSuccess(const base::Result<void>& result) { EXPECT_TRUE(result) << (result ? "" : result.error().message); }

  FakeRoute53 route53_;
  FakeCloudflare cloudflare_;
  HandlerTransport transport_{[this](const base::Call& call, const base::http::Request& request) {
    return request.url.starts_with(FakeCloudflare::kUrl) ? cloudflare_.Send(call, request) : route53_.Send(call, request);
  }};
  std::shared_ptr<base::SharedObjects> shared_ = std::make_shared<base::SharedObjects>();
  std::map<std::string, std::string> cnames_;
  std::vector<std::string> zones_;
  std::atomic<bool> has_moved_ = false;    // then every CNAME leads to "moved." before its target
  std::optional<FakeDnsServer> resolver_;  // knows what was there when the solver was made
};

TEST_F(SolverZones, EachOfSeveralIdsGetsTheNamesOfItsZone) {
  const auto solver = Make({AtRoute53(FakeRoute53::kZoneId), AtCloudflare(FakeCloudflare::kTwinId)});
  const std::vector records{Challenge("www.twice.test"), Challenge("www.example.test")};

  ExpectSuccess(solver->Place(RealCall(), records));

  EXPECT_EQ(route53_.Values("_acme-challenge.www.example.test."), std::vector<std::string>{"value"});
  EXPECT_EQ(cloudflare_.Values("_acme-challenge.www.twice.test."), std::vector<std::string>{"value"});
}

TEST_F(SolverZones, AWildcardsCnameOutOfAZoneGivenByIdIsNotFollowed) {
  cnames_["_acme-challenge.www.example.test."] = "balancer.elsewhere.test.";
  const auto solver = Make({AtRoute53(FakeRoute53::kZoneId)});
  const std::vector records{Challenge("www.example.test")};

  ExpectSuccess(solver->Place(RealCall(), records));

  EXPECT_EQ(route53_.Values("_acme-challenge.www.example.test."), std::vector<std::string>{"value"});
}

TEST_F(SolverZones, ACnameIntoAZoneGivenByIdIsFollowed) {
  cnames_["_acme-challenge.www.elsewhere.test."] = "www.twice.test.";
  const auto solver = Make({AtRoute53(FakeRoute53::kZoneId), AtCloudflare(FakeCloudflare::kTwinId)});
  const std::vector records{Challenge("www.elsewhere.test")};

  ExpectSuccess(solver->Place(RealCall(), records));

  EXPECT_EQ(cloudflare_.Values("www.twice.test."), std::vector<std::string>{"value"});
}

TEST_F(SolverZones, WhatWasPlacedIsRemovedThoughTheCnameHasChangedSince) {
  cnames_["_acme-challenge.www.elsewhere.test."] = "www.example.test.";
  const auto solver = Make({AtRoute53("example.test")});
  const std::vector records{Challenge("www.elsewhere.test")};
  ExpectSuccess(solver->Place(RealCall(), records));
  ASSERT_EQ(route53_.Values("www.example.test."), std::vector<std::string>{"value"});
  route53_.Add("moved.www.example.test.", "TXT", {.values = {"\"value\""}});
  has_moved_ = true;

  ExpectSuccess(solver->Remove(RealCall(), records));

  EXPECT_TRUE(route53_.Values("www.example.test.").empty());
  EXPECT_EQ(route53_.Values("moved.www.example.test."), std::vector<std::string>{"value"});
}

TEST_F(SolverZones, AnIdsNameIsAskedForOnceAProcess) {
  const std::vector records{Challenge("www.example.test")};

  for (int i = 0; i < 3; ++i) ExpectSuccess(Make({AtRoute53(FakeRoute53::kZoneId)})->Prepare(RealCall(), records));

  EXPECT_EQ(route53_.requests().size(), 1u);
}

TEST_F(SolverZones, ATokenThatMayNotReadItsZoneIsGoodForTheZoneThatIsFoundByAsking) {
  zones_.push_back("example.test.");
  const auto solver = Make({AtCloudflare(FakeCloudflare::kZoneId, FakeCloudflare::kZoneToken)});
  const std::vector records{Challenge("www.example.test")};

  ExpectSuccess(solver->Place(RealCall(), records));

  EXPECT_EQ(cloudflare_.Values("_acme-challenge.www.example.test."), std::vector<std::string>{"value"});
}

TEST_F(SolverZones, ANameInNoZoneIsRefusedBeforehand) {
  const auto solver = Make({AtRoute53(FakeRoute53::kZoneId), AtCloudflare("other.test")});

  const auto prepared = solver->Prepare(RealCall(), std::vector{Challenge("www.elsewhere.test")});

  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(prepared.error().message,
            "no DNS connection holds _acme-challenge.www.elsewhere.test.; their zones are example.test., other.test.");
}

TEST_F(SolverZones, WhatMayPassByItselfIsNotRefusedBeforehand) {
  const auto solver = Make({AtCloudflare("")});

  ExpectSuccess(solver->Prepare(RealCall(), std::vector{Challenge("www.elsewhere.test")}));
  EXPECT_FALSE(solver->Place(RealCall(), std::vector{Challenge("www.elsewhere.test")}));
}

// Runners whose port 53 is closed.
TEST(DnsOverHttps, IsAskedForTheRecordOnlyAfterTheWriteAndItsNegativeAnswerIsWaitedOut) {
  FakeRoute53 route53;
  std::vector<std::string> asked;
  std::mutex mutex;
  const FakeDnsServer behind([&](const DnsAsked& question) {
    if (question.type != "TXT") return DnsAnswer{.rcode = base::dns::Rcode::kNxDomain, .is_authoritative = false};
    const auto values = route53.Values("_acme-challenge.www.example.test.");
    // The first answer was kept from before.
    if (question.nth == 1 || values.empty()) {
      return DnsAnswer{.rcode = base::dns::Rcode::kNxDomain,
                       .authority = {"example.test. 290 IN SOA ns.test. op.test. 1 2 3 4 300"},
                       .is_authoritative = false};
    }
    return DnsAnswer{.answers = {TxtLine(question.name, values.front())}, .is_authoritative = false};
  });
  HandlerTransport transport(
      [&](const base::Call& call, const base::http::Request& request) -> base::Result<base::http::Response> {
        if (request.url != "https://resolver.test/dns-query") return route53.Send(call, request);
        {
          const std::lock_guard lock(mutex);
          asked.push_back(request.headers.front().value);
        }
        const base::dns::Outgoing outgoing{.server = behind.address(), .message = request.body};
        auto reply = std::move(base::dns::ExchangeAll(call, std::span(&outgoing, 1)).front());
        if (!reply) return std::move(reply).error();
        return base::http::Response{200, {}, *std::move(reply)};
      });
  DnsConnection at{.connection = {.kind = "aws",
                                  .id = "over https",
                                  .settings = ConnectionSettings(
                                      "aws", {{"endpoint_url", FakeRoute53::kUrl}, {"access_key_id", FakeRoute53::kKeyId}})},
                   .zone = "example.test"};
  Put(at.connection.settings, "secret_access_key", base::Secret(FakeRoute53::kSecret));
  auto solver = engine::dns::MakeDns01Solver(
      {.connections = {at},
       .propagation = {.resolvers = {"https://resolver.test/dns-query"}, .timeout = std::chrono::minutes(8)},
       .deps = {
           .providers = {.http = &transport, .random = &base::SystemRandom(), .shared = std::make_shared<base::SharedObjects>()},
           .find_provider = engine::vendors::FindDnsProvider}});
  ASSERT_TRUE(solver);
  const std::vector records{Challenge("www.example.test")};

  const auto prepared = (*solver)->Prepare(RealCall(), records);
  const auto before = behind.asked();
  const auto placed = (*solver)->Place(RealCall(), records);
  FakeClock clock;
  const auto seen = (*solver)->Wait(clock.Call(std::chrono::minutes(10)), records);
  (void)(*solver)->Remove(RealCall(), records);

  EXPECT_TRUE(prepared && placed);
  for (const DnsAsked& one : before) EXPECT_EQ(one.name.find("_acme-challenge"), std::string::npos) << one.name;
  EXPECT_TRUE(seen) << seen.error().message;
  const auto pauses = clock.pauses();
  EXPECT_EQ(std::ranges::count(pauses, std::chrono::seconds(290)), 1);
  EXPECT_EQ(asked.front(), "application/dns-message");
}

}  // namespace
}  // namespace tests
