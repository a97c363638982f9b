// SPDX-License-Identifier: MPL-2.0
// The acme_dns provider against a strict fake. The contract of all providers does not fit: an account is one name, with two
// values and no removal.
#include <gtest/gtest.h>

#include <stop_token>
#include <thread>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/acme_dns/fake_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_dns_server.h"
#include "tests/support/foreign_python.h"
#include "tests/support/log_capture.h"
#include "tests/support/loopback_http.h"
#include "tests/support/settings.h"

namespace tests::acme_dns_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;

// 256 bits in base64url: the last character has two bits to spare.
const std::string kA = std::string(42, 'A') + "A";
const std::string kB = std::string(42, 'B') + "A";
const std::string kC = std::string(42, 'C') + "A";

class AcmeDns : public testing::Test {
 protected:
  std::unique_ptr<engine::dns::Provider> Make(const char* password = FakeAcmeDns::kPassword,
                                              const char* url = FakeAcmeDns::kUrl) {
    Connection connection{.kind = "acme_dns",
                          .id = "c",
                          .settings = ConnectionSettings("acme_dns", {{"endpoint_url", url},
                                                                      {"username", FakeAcmeDns::kUsername},
                                                                      {"subdomain", FakeAcmeDns::kSubdomain},
                                                                      {"full_domain", FakeAcmeDns::kFullDomain}})};
    Put(connection.settings, "password", base::Secret(password));
    return *engine::vendors::FindDnsProvider("acme_dns")->make(connection, {.http = &api_});
  }
  base::Result<void> Place(engine::dns::Provider& provider, const std::vector<TxtRecord>& records) {
    base::Call call = clock_.Call();
    call.log = base::Log(log_);
    return provider.Place(call, {.name = "auth.example.test.", .id = {}}, records, placed_);
  }

  const std::string name_ = std::string(FakeAcmeDns::kFullDomain) + ".";
  FakeAcmeDns api_;
  FakeClock clock_;
  std::shared_ptr<LogCapture> log_ = std::make_shared<LogCapture>();
  std::vector<PlacedRecord> placed_;
};

TEST_F(AcmeDns, PlacesTheTwoValuesOfANameAndItsWildcard) {
  const auto result = Place(*Make(), {{.fqdn = name_, .value = kA}, {.fqdn = name_, .value = kB}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.Values(), (std::vector{kA, kB}));
  EXPECT_EQ(placed_.size(), 2u);
}

TEST_F(AcmeDns, EqualValuesAreSentOnceSoThatTheOtherOneStays) {
  const auto result = Place(*Make(), {{.fqdn = name_, .value = kA}, {.fqdn = name_, .value = kB}, {.fqdn = name_, .value = kB}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.Values(), (std::vector{kA, kB}));
}

TEST_F(AcmeDns, MoreValuesThanItKeepsAreRefusedBeforeAnyIsSent) {
  const auto result = Place(*Make(), {{.fqdn = name_, .value = kA}, {.fqdn = name_, .value = kB}, {.fqdn = name_, .value = kC}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("keeps 2 values"), std::string::npos) << result.error().message;
  EXPECT_TRUE(api_.requests().empty());
}

TEST_F(AcmeDns, AnotherNameIsAnErrorThatGivesTheCname) {
  const auto result = Place(*Make(), {{.fqdn = "_acme-challenge.example.test.", .value = kA}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("_acme-challenge.example.test. CNAME " + name_), std::string::npos)
      << result.error().message;
  EXPECT_TRUE(api_.requests().empty());
}

TEST_F(AcmeDns, WrongCredentialsAreDeniedAndNotToldToAnyone) {
  const auto result = Place(*Make("wrong-password-canary"), {{.fqdn = name_, .value = kA}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(result.error().message, "acme-dns answered 401 (forbidden)");
  EXPECT_TRUE(placed_.empty());
  EXPECT_EQ(log_->text().find("canary"), std::string::npos) << log_->text();
}

TEST_F(AcmeDns, ALostAnswerIsNotSentAgain) {
  ASSERT_TRUE(Place(*Make(), {{.fqdn = name_, .value = kA}}));
  api_.LoseNextAnswer();

  const auto result = Place(*Make(), {{.fqdn = name_, .value = kB}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(api_.Values(), (std::vector{kA, kB}));
}

TEST_F(AcmeDns, ARateLimitIsWaitedFor) {
  api_.FailNext({{.status = 429, .headers = {{"Retry-After", "20"}}, .body = {}}});

  const auto result = Place(*Make(), {{.fqdn = name_, .value = kA}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(clock_.pauses(), std::vector{std::chrono::milliseconds(20000)});
}

TEST_F(AcmeDns, ALastingServerErrorIsUnavailable) {
  api_.FailNext({200, {.status = 500, .headers = {}, .body = "<html>"}});

  const auto result = Place(*Make(), {{.fqdn = name_, .value = kA}});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(result.error().message.find("500"), std::string::npos) << result.error().message;
}

TEST_F(AcmeDns, ACancelEndsAWaitForASilentServer) {
  std::stop_source stop;
  // A fake clock would let the time pass instead.
  const base::Call call = RealCall(std::chrono::seconds(20), stop.get_token());
  const std::jthread canceller([&] {
    api_.WaitUntilSilentWasAsked();
    stop.request_stop();
  });
  const std::vector<TxtRecord> records{{.fqdn = name_, .value = kA}};

  const auto result =
      Make(FakeAcmeDns::kPassword, FakeApi::kSilentUrl)->Place(call, {.name = "auth.example.test.", .id = {}}, records, placed_);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(placed_.size(), 1u);  // it may have arrived
}

TEST_F(AcmeDns, RemovingIsNothingToDo) {
  const auto provider = Make();
  ASSERT_TRUE(Place(*provider, {{.fqdn = name_, .value = kA}}));

  EXPECT_TRUE(provider->Remove(clock_.Call(), {.name = "auth.example.test.", .id = {}}, placed_));

  EXPECT_EQ(api_.requests().size(), 1u);
}

TEST_F(AcmeDns, ACancelledCallSendsNothing) {
  std::stop_source stop;
  stop.request_stop();
  base::Call call = clock_.Call();
  call.stop = stop.get_token();
  const std::vector<TxtRecord> records{{.fqdn = name_, .value = kA}};

  const auto result = Make()->Place(call, {.name = "auth.example.test.", .id = {}}, records, placed_);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kCancelled);
  EXPECT_TRUE(api_.Values().empty());
}

class FakeAcmeDnsJudged : public WithForeignPython {};

TEST_F(FakeAcmeDnsJudged, ItsOwnClientRegistersAndIsRefusedWhereAcmeDnsRefuses) {
  FakeAcmeDns api;
  const LoopbackServer server([&api](const base::http::Request& request) { return Answer(api.Handle(request)); });

  const std::string findings = RunJudge("acme_dns/judge_dns.py", {server.Url("")});

  EXPECT_EQ(findings,
            "account: allowfrom fulldomain password subdomain username\n"
            "stranger: 401\n"
            "short value: 400\n");
  EXPECT_EQ(api.Values(), (std::vector{kA, kB}));
}

}  // namespace
}  // namespace tests::acme_dns_dns
