// SPDX-License-Identifier: MPL-2.0
// The whole flow against Pebble, the CA that Let's Encrypt publishes for tests.
#include <gtest/gtest.h>

#include "base/environment.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/acme/issue.h"
#include "tests/support/child_process.h"
#include "tests/support/log_capture.h"
#include "tests/support/loopback_http.h"
#include "tests/support/temporary_folder.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using tests::ChildProcess;
using tests::ClosedPort;

base::Call RealCall() {
  return {.clock = &base::RealClock(), .deadline = base::Deadline::In(base::RealClock(), 30s), .stop = {}, .log = {}};
}

std::shared_ptr<base::http::Transport> MakeTransport(const std::string& roots) {
  return *base::http::MakeCurlTransport({.extra_roots_pem = roots});
}

// Sets TXT values through the HTTP interface of pebble-challtestsrv.
class TestSolver final : public Solver {
 public:
  explicit TestSolver(std::string url) : url_(std::move(url)), transport_(MakeTransport("")) {}

  base::Result<void> Place(const base::Call& call, std::span<const ChallengeRecord> records) override {
    for (const auto& record : records) {
      if (auto sent = Post(call, "/set-txt", {{"host", record.fqdn}, {"value", record.value}}); !sent) return sent;
    }
    return {};
  }
  base::Result<void> Wait(const base::Call&, std::span<const ChallengeRecord>) override { return {}; }
  base::Result<void> Remove(const base::Call& call, std::span<const ChallengeRecord> records) override {
    for (const auto& record : records) {
      if (auto sent = Post(call, "/clear-txt", {{"host", record.fqdn}}); !sent) return sent;
    }
    return {};
  }

 private:
  base::Result<void> Post(const base::Call& call, const std::string& path, const base::Json& body) {
    auto response = transport_->Send(call, {.method = "POST", .url = url_ + path, .body = base::DumpJson(body)});
    if (!response) return std::move(response).error();
    return {};
  }

  std::string url_;
  std::shared_ptr<base::http::Transport> transport_;
};

std::string At(int port) { return base::Cat("127.0.0.1:", port); }

class Pebble {
 public:
  explicit Pebble(int reject_percent, base::Json more_config = base::Json::object())
      : identity_(ca_.MakeServer({"localhost", "127.0.0.1"})),
        dns_({"pebble-challtestsrv", "-dns01", At(dns_port_), "-management", At(dns_api_port_), "-http01", "", "-https01", "",
              "-tlsalpn01", ""}),
        process_({"pebble", "-strict", "-config", Config(std::move(more_config)), "-dnsserver", At(dns_port_)},
                 {"PEBBLE_VA_NOSLEEP=1", "PEBBLE_AUTHZREUSE=0", base::Cat("PEBBLE_WFE_NONCEREJECT=", reject_percent)}) {
    EXPECT_TRUE(process_.WaitForOutput("ACME directory available")) << process_.output();
    EXPECT_TRUE(dns_.WaitForOutput("Starting management server")) << dns_.output();
    client =
        MakeClient({.directory_url = base::Cat("https://localhost:", port_, "/dir"), .transport = MakeTransport(ca_.root_pem())});
  }

  std::string dns_api() const { return base::Cat("http://", At(dns_api_port_)); }
  // How often Pebble was asked for a path that begins like this.
  int Requests(std::string_view path) const { return tests::Count(log(), base::Cat(" ", path)); }
  // Those of an order, its polls excepted.
  int OrderRequests() const {
    return Requests("/order-plz") + Requests("/authZ/") + Requests("/chalZ/") + Requests("/finalize-order/") +
           Requests("/certZ/");
  }
  std::string log() const { return process_.output(); }

  std::shared_ptr<Client> client;

 private:
  std::string Config(base::Json more) const {
    base::Json pebble = {{"listenAddress", At(port_)},
                         {"managementListenAddress", At(ClosedPort())},
                         {"certificate", folder_.Write("server.pem", identity_.certificate_pem)},
                         {"privateKey", folder_.Write("server.key", identity_.key_pem)},
                         {"httpPort", 5002},
                         {"tlsPort", 5001}};
    pebble.update(more);
    return folder_.Write("pebble.json", base::DumpJson({{"pebble", pebble}}));
  }

  tests::TemporaryFolder folder_;
  tests::TestCa ca_;
  tests::KeyAndCertificate identity_;
  int port_ = ClosedPort();
  int dns_port_ = ClosedPort();
  int dns_api_port_ = ClosedPort();
  ChildProcess dns_;
  ChildProcess process_;
};

class PebbleTest : public testing::Test {
 protected:
  void SetUp() override {
    if (tests::IsInstalled("pebble") && tests::IsInstalled("pebble-challtestsrv")) return;
    if (base::Environment("CI")) FAIL() << "the package pebble is not installed";
    GTEST_SKIP() << "the package pebble is not installed";
  }

  static IssueRequest ApexAndWildcard() {
    return {.dns_names = {"*.example.test", "example.test"}, .common_name = "example.test", .key = NewKey()};
  }
  static base::crypto::PrivateKey NewKey() { return *base::crypto::GenerateKey(base::crypto::KeyAlgorithm::kEcP256); }
};

TEST_F(PebbleTest, NeedsSevenRequestsAndTwoPollsForApexAndWildcard) {
  const Pebble pebble(0);
  TestSolver solver(pebble.dns_api());
  const auto account = RegisterAccount(RealCall(), *pebble.client, {.key = NewKey(), .contacts = {"mailto:ops@example.test"}});
  ASSERT_TRUE(account) << account.error().message << pebble.log();

  const auto issued = Issue(RealCall(), *pebble.client, *account, ApexAndWildcard(), solver);

  ASSERT_TRUE(issued) << issued.error().message << pebble.log();
  EXPECT_EQ(issued->chain.size(), 2U);
  EXPECT_TRUE(issued->warnings.empty());
  EXPECT_EQ(pebble.OrderRequests(), 7) << pebble.log();
  EXPECT_GE(pebble.Requests("/my-order/"), 2);  // two on a machine that is not busy
}

TEST_F(PebbleTest, NeedsOneMoreRequestForEachRejectedNonce) {
  const Pebble pebble(50);
  TestSolver solver(pebble.dns_api());
  const auto log = std::make_shared<tests::LogCapture>();
  base::Call call = RealCall();
  call.log = base::Log(log);
  const auto account = RegisterAccount(call, *pebble.client, {.key = NewKey()});
  ASSERT_TRUE(account) << account.error().message << pebble.log();

  const auto issued = Issue(call, *pebble.client, *account, ApexAndWildcard(), solver);

  ASSERT_TRUE(issued) << issued.error().message << pebble.log();
  const int rejected = tests::Count(log->text(), "nonce was rejected");
  const int accepted = tests::Count(log->text(), "method=POST") - tests::Count(log->text(), "status=400");
  EXPECT_EQ(rejected, tests::Count(log->text(), "status=400"));
  EXPECT_EQ(pebble.OrderRequests() + pebble.Requests("/sign-me-up") + pebble.Requests("/my-order/"), accepted + rejected);
}

TEST_F(PebbleTest, BindsTheAccount) {
  const std::string mac_key = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";  // as in Pebble's example
  const Pebble pebble(0, {{"externalAccountBindingRequired", true}, {"externalAccountMACKeys", {{"kid-1", mac_key}}}});

  const auto wrong = RegisterAccount(RealCall(), *pebble.client, {.key = NewKey(), .eab = {{"kid-1", base::Secret("AAAA")}}});
  const auto right = RegisterAccount(RealCall(), *pebble.client, {.key = NewKey(), .eab = {{"kid-1", base::Secret(mac_key)}}});

  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, base::ErrorKind::kDenied) << wrong.error().message;
  EXPECT_TRUE(right) << right.error().message;
}

TEST_F(PebbleTest, SaysWhichNameCouldNotBeValidated) {
  const Pebble pebble(0);
  class Idle final : public Solver {
    base::Result<void> Place(const base::Call&, std::span<const ChallengeRecord>) override { return {}; }
    base::Result<void> Wait(const base::Call&, std::span<const ChallengeRecord>) override { return {}; }
    base::Result<void> Remove(const base::Call&, std::span<const ChallengeRecord>) override { return {}; }
  } solver;
  const auto account = RegisterAccount(RealCall(), *pebble.client, {.key = NewKey()});
  ASSERT_TRUE(account) << account.error().message << pebble.log();

  const auto issued = Issue(RealCall(), *pebble.client, *account, ApexAndWildcard(), solver);

  ASSERT_FALSE(issued);
  EXPECT_TRUE(issued.error().message.starts_with("the CA could not validate ")) << issued.error().message;
  EXPECT_FALSE(issued.error().details.empty());
}

TEST_F(PebbleTest, DeactivatesAnAccountTwice) {
  const Pebble pebble(0);
  const auto account = RegisterAccount(RealCall(), *pebble.client, {.key = NewKey()});
  ASSERT_TRUE(account) << account.error().message << pebble.log();

  EXPECT_TRUE(DeactivateAccount(RealCall(), *pebble.client, *account));
  const auto again = DeactivateAccount(RealCall(), *pebble.client, *account);
  EXPECT_TRUE(again) << again.error().message;
}

}  // namespace
}  // namespace engine::acme
