// SPDX-License-Identifier: MPL-2.0
// CAA records as they are read from the servers of their zones.
#include "engine/dns/caa_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/text.h"
#include "tests/engine/dns/example_zone.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/log_capture.h"
#include "tests/support/settings.h"

namespace engine::dns {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using tests::DnsAnswer;
using tests::DnsAsked;

class IdleSolver final : public acme::Solver {
 public:
  explicit IdleSolver(int& prepared) : prepared_(prepared) {}
  base::Result<void> Prepare(const base::Call&, std::span<const acme::ChallengeRecord>) override {
    ++prepared_;
    return {};
  }
  base::Result<void> Place(const base::Call&, std::span<const acme::ChallengeRecord>) override { return {}; }
  base::Result<void> Wait(const base::Call&, std::span<const acme::ChallengeRecord>) override { return {}; }
  base::Result<void> Remove(const base::Call&, std::span<const acme::ChallengeRecord>) override { return {}; }

 private:
  int& prepared_;
};

// One server is the resolver and the server of the zone example.test.
class WithCaaCheckTest : public testing::Test {
 protected:
  DnsAnswer Answer(const DnsAsked& asked) const {
    if (auto of_zone = tests::FindExampleZone(asked, server_)) return *std::move(of_zone);
    if (asked.type != "CAA") return {};
    DnsAnswer answer{
        .rcode = rcode_, .authority = {tests::kExampleSoa}, .is_authoritative = is_authoritative_, .is_dropped = is_silent_};
    for (const std::string& line : records_) {
      if (line.starts_with(asked.name + " ")) answer.answers.push_back(line);
    }
    return answer;
  }

  base::Result<void> Prepare(std::vector<std::string> names, std::vector<DnsConnection> connections = {}) {
    const PropagationOptions propagation{.resolvers = {server_.text()}, .nameserver_port = server_.address().port};
    const SolverOptions options{.connections = std::move(connections),
                                .propagation = propagation,
                                .deps = {.providers = {.random = &base::SystemRandom()}, .find_provider = nullptr}};
    auto solver = WithCaaCheck(
        std::make_unique<IdleSolver>(prepared_), options,
        {.names = std::move(names), .issuer = {.identities = {"ca.example"}, .account_url = "a", .validation_method = "dns-01"}});
    base::Call call = tests::RealCall();
    call.log = base::Log(log_);
    return (*solver)->Prepare(call, {});
  }

  void ExpectRefused(const base::Result<void>& result, const std::string& detail) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, base::ErrorKind::kDenied);
    EXPECT_EQ(result.error().code, kCaaCode);
    EXPECT_THAT(result.error().details, ElementsAre(HasSubstr(detail)));
  }

  // The CA decides, and one line says so.
  void ExpectDoubt(const base::Result<void>& result, const std::string& name) {
    EXPECT_TRUE(result) << result.error().message;
    EXPECT_THAT(log_->text(), HasSubstr("CAA records were not read"));
    EXPECT_THAT(log_->text(), HasSubstr(name));
  }

  std::shared_ptr<tests::LogCapture> log_ = std::make_shared<tests::LogCapture>();
  std::vector<std::string> records_;
  base::dns::Rcode rcode_ = base::dns::Rcode::kNoError;
  bool is_authoritative_ = true;
  bool is_silent_ = false;
  int prepared_ = 0;
  tests::FakeDnsServer server_{[this](const DnsAsked& asked) { return Answer(asked); }};
};

TEST_F(WithCaaCheckTest, AllowsNamesWithoutRecords) {
  EXPECT_TRUE(Prepare({"www.example.test", "*.example.test"}));
  EXPECT_THAT(log_->text(), Not(HasSubstr("CAA")));
  EXPECT_EQ(prepared_, 1);
}

TEST_F(WithCaaCheckTest, ClimbsToTheRecordsAbove) {
  records_ = {"example.test. 60 IN CAA 0 issue \"other.example\""};

  ExpectRefused(Prepare({"a.b.example.test"}),
                "a.b.example.test: by the records of example.test. (0 issue \"other.example\"), this CA (ca.example)");
}

TEST_F(WithCaaCheckTest, TheNearestRecordsCount) {
  records_ = {"example.test. 60 IN CAA 0 issue \"other.example\"", "www.example.test. 60 IN CAA 0 issue \"ca.example\""};

  EXPECT_TRUE(Prepare({"www.example.test"}));
}

TEST_F(WithCaaCheckTest, WildcardsHaveRecordsOfTheirOwn) {
  records_ = {"example.test. 60 IN CAA 0 issue \"ca.example\"", "example.test. 60 IN CAA 0 issuewild \";\""};

  ExpectRefused(Prepare({"example.test", "*.example.test"}), "*.example.test: by");
}

TEST_F(WithCaaCheckTest, FollowsCnames) {
  records_ = {"www.example.test. 60 IN CNAME target.example.test.", "target.example.test. 60 IN CAA 0 issue \";\""};

  ExpectRefused(Prepare({"www.example.test"}), "www.example.test: by the records of www.example.test.");
}

TEST_F(WithCaaCheckTest, ACircleOfCnamesIsADoubt) {
  records_ = {"www.example.test. 60 IN CNAME b.example.test.", "b.example.test. 60 IN CNAME www.example.test."};

  ExpectDoubt(Prepare({"www.example.test"}), "www.example.test.");
}

TEST_F(WithCaaCheckTest, AFailureOfTheServerIsADoubt) {
  rcode_ = base::dns::Rcode::kServFail;

  ExpectDoubt(Prepare({"example.test"}), "example.test.");
}

TEST_F(WithCaaCheckTest, AnAnswerThatIsNotAuthoritativeIsADoubt) {
  records_ = {"example.test. 60 IN CAA 0 issue \"other.example\""};
  is_authoritative_ = false;

  ExpectDoubt(Prepare({"example.test"}), "example.test.");
}

TEST_F(WithCaaCheckTest, SilenceIsADoubt) {
  is_silent_ = true;

  ExpectDoubt(Prepare({"example.test"}), "example.test.");
}

// The zone of a connection needs no search: the records cost no more round trips than those of the challenge.
TEST_F(WithCaaCheckTest, ZonesOfConnectionsAreNotLookedFor) {
  const DnsConnection connection{.connection = {.kind = "rfc2136", .id = "a", .settings = tests::ConnectionSettings("rfc2136")},
                                 .zone = "example.test"};

  EXPECT_TRUE(Prepare({"www.example.test"}, {connection}));

  for (const DnsAsked& asked : server_.asked()) EXPECT_NE(asked.type, "SOA");
}

}  // namespace
}  // namespace engine::dns
