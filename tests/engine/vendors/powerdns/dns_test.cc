// SPDX-License-Identifier: MPL-2.0
// The powerdns provider against a real server, judged by dig and pdnsutil, and against a fake of the newer servers.
#include <condition_variable>
#include <mutex>

#include "tests/contract/dns_api_contract.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/engine/vendors/powerdns/fake_api.h"
#include "tests/engine/vendors/powerdns/real_server.h"
#include "tests/support/handler_transport.h"
#include "tests/support/loopback_http.h"
#include "tests/support/settings.h"

namespace tests::powerdns_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

// A server that takes a request and never answers.
class SilentServer {
 public:
  std::string url() const { return server_.Url(""); }
  void WaitUntilAsked() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return was_asked_; });
  }

 private:
  Reply Take() {
    std::lock_guard lock(mutex_);
    was_asked_ = true;
    changed_.notify_all();
    return {.bytes = "", .after = After::kHold};
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool was_asked_ = false;
  LoopbackServer server_{[this](const base::http::Request&) { return Take(); }};
};

class RealBench {
 public:
  using Fixture = WithPowerdns;

  const std::string& problem() const { return server_.problem(); }
  Connection good() const { return server_.Connect(); }
  Connection denied() const {
    Connection connection = good();
    Put(connection.settings, "api_key", base::Secret("wrong-key-canary"));
    return connection;
  }
  Connection silent() const {
    Connection connection = good();
    Put(connection.settings, "endpoint_url", silent_.url());
    return connection;
  }
  base::http::Transport* http() const { return transport_.get(); }
  void WaitUntilSilentWasAsked() const { silent_.WaitUntilAsked(); }
  Zone zone() const { return {.name = "example.test.", .id = {}}; }
  Zone unknown_zone() const { return {.name = "nowhere.test.", .id = {}}; }
  std::string unknown_zone_name() const { return "_acme-challenge.nowhere.test."; }
  std::vector<std::string> Values(const std::string& fqdn) const { return server_.DigTxt(fqdn); }
  void AddForeign(const std::string& fqdn, const std::string& value) const {
    const std::string relative = fqdn.substr(0, fqdn.size() - zone().name.size() - 1);
    server_.Pdnsutil(base::Cat("add-record example.test. ", relative, " TXT 1234 '\"", value, "\"'"));
  }

  const PowerdnsServer& server() const { return server_; }

 private:
  PowerdnsServer server_;
  SilentServer silent_;
  std::shared_ptr<base::http::Transport> transport_ = *base::http::MakeCurlTransport({});
};

INSTANTIATE_TYPED_TEST_SUITE_P(Powerdns, DnsProviderContract, RealBench);

class FakeBench : public DnsApiBench<FakePowerdns> {
 public:
  Connection good() const { return With(FakePowerdns::kKey, FakePowerdns::kUrl); }
  Connection denied() const { return With("wrong-key-canary", FakePowerdns::kUrl); }
  Connection silent() const { return With(FakePowerdns::kKey, FakeApi::kSilentUrl); }
  // By a proxy in front of it: PowerDNS itself has no limit.
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return {.status = 429, .headers = {{"Retry-After", std::to_string(wait.count())}}, .body = "Too Many Requests"};
  }

 private:
  static Connection With(const char* key, const char* url) {
    Connection connection{.kind = "powerdns", .id = "c", .settings = ConnectionSettings("powerdns", {{"endpoint_url", url}})};
    Put(connection.settings, "api_key", base::Secret(key));
    return connection;
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(PowerdnsWithSingleChanges, DnsProviderContract, FakeBench);
INSTANTIATE_TYPED_TEST_SUITE_P(PowerdnsWithSingleChanges, DnsApiContract, FakeBench);

std::unique_ptr<engine::dns::Provider> Make(
    const Connection& connection, base::http::Transport* http,
    std::shared_ptr<base::SharedObjects> shared = std::make_shared<base::SharedObjects>()) {
  return *engine::vendors::FindDnsProvider("powerdns")
              ->make(connection, {.http = http, .random = &base::SystemRandom(), .shared = std::move(shared)});
}

base::Call Call() {
  return {.clock = &base::RealClock(),
          .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(30)),
          .stop = {},
          .log = {}};
}

class Powerdns : public WithPowerdns {};

TEST_F(Powerdns, AForeignValueKeepsItsTtl) {
  RealBench bench;
  ASSERT_EQ(bench.problem(), "");
  const std::string name = "_acme-challenge.example.test.";
  bench.AddForeign(name, "foreign");
  std::vector<PlacedRecord> placed;
  const std::vector<TxtRecord> records{{.fqdn = name, .value = "ours"}};

  ASSERT_TRUE(Make(bench.good(), bench.http())->Place(Call(), bench.zone(), records, placed));

  const std::string lines = bench.server().DigLines(name);
  EXPECT_NE(lines.find(" 1234 "), std::string::npos) << lines;
  EXPECT_EQ(lines.find(" 60 "), std::string::npos) << lines;
}

TEST_F(Powerdns, OrdersAtOnceLoseNoValueOfASharedName) {
  RealBench bench;
  ASSERT_EQ(bench.problem(), "");
  const std::string name = "_acme-challenge.example.test.";
  std::vector<std::string> expected;
  for (int i = 0; i < 8; ++i) expected.push_back(base::Cat("value-", i));
  const auto shared = std::make_shared<base::SharedObjects>();
  {
    std::vector<std::jthread> orders;
    for (const std::string& value : expected) {
      orders.emplace_back([&bench, &name, &shared, value] {
        std::vector<PlacedRecord> placed;
        const std::vector<TxtRecord> records{{.fqdn = name, .value = value}};
        const auto result = Make(bench.good(), bench.http(), shared)->Place(Call(), bench.zone(), records, placed);
        EXPECT_TRUE(result) << result.error().message;
      });
    }
  }

  EXPECT_EQ(bench.Values(name), expected);
}

// Before 4.9.12, a set is read and then replaced: what came in between is lost.
TEST_F(Powerdns, AValueThatAnotherMachineOverwroteIsPutBackBeforeTheCaLooks) {
  RealBench bench;
  ASSERT_EQ(bench.problem(), "");
  const std::string name = "_acme-challenge.example.test.";
  const auto provider = Make(bench.good(), bench.http());
  std::vector<PlacedRecord> placed;
  const std::vector<TxtRecord> records{{.fqdn = name, .value = "ours"}};
  ASSERT_TRUE(provider->Place(Call(), bench.zone(), records, placed));
  bench.server().Pdnsutil("replace-rrset example.test. _acme-challenge TXT 60 '\"theirs\"'");
  ASSERT_EQ(bench.Values(name), std::vector<std::string>{"theirs"});

  const auto served = provider->AwaitServed(Call(), placed);

  ASSERT_TRUE(served) << served.error().message;
  EXPECT_EQ(bench.Values(name), (std::vector<std::string>{"ours", "theirs"}));
  EXPECT_TRUE(provider->Remove(Call(), bench.zone(), placed));
  EXPECT_EQ(bench.Values(name), std::vector<std::string>{"theirs"});
}

TEST_F(Powerdns, NothingIsLeftOfAValueThatAnotherMachineWritesBackAfterItsRemoval) {
  RealBench bench;
  ASSERT_EQ(bench.problem(), "");
  const std::string name = "_acme-challenge.example.test.";
  int patches = 0;
  bool is_removing = false;
  HandlerTransport transport([&](const base::Call& call, const base::http::Request& request) {
    auto response = bench.http()->Send(call, request);
    // It had read the set while the value was there.
    if (is_removing && request.method == "PATCH" && ++patches == 1) {
      bench.server().Pdnsutil("replace-rrset example.test. _acme-challenge TXT 60 '\"ours\"' '\"theirs\"'");
    }
    return response;
  });
  const auto provider = Make(bench.good(), &transport);
  std::vector<PlacedRecord> placed;
  const std::vector<TxtRecord> records{{.fqdn = name, .value = "ours"}};
  ASSERT_TRUE(provider->Place(Call(), bench.zone(), records, placed));
  is_removing = true;

  const auto removed = provider->Remove(Call(), bench.zone(), placed);

  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_EQ(bench.Values(name), std::vector<std::string>{"theirs"});
  EXPECT_EQ(patches, 2);
}

TEST_F(Powerdns, ANameOutsideTheZoneIsAnInputError) {
  RealBench bench;
  ASSERT_EQ(bench.problem(), "");
  std::vector<PlacedRecord> placed;
  const std::vector<TxtRecord> records{{.fqdn = "_acme-challenge.other.test.", .value = "a"}};

  const auto result = Make(bench.good(), bench.http())->Place(Call(), bench.zone(), records, placed);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(result.error().message.find("Name is out of zone"), std::string::npos) << result.error().message;
  EXPECT_TRUE(placed.empty());
}

TEST(PowerdnsWithSingleChanges, AHundredNamesAreOneChange) {
  FakeBench bench;
  std::vector<PlacedRecord> placed;
  std::vector<TxtRecord> records;
  for (int i = 0; i < 100; ++i) records.push_back({.fqdn = base::Cat("_acme-challenge.h", i, ".example.test."), .value = "v"});

  ASSERT_TRUE(Make(bench.good(), bench.http())->Place(Call(), bench.zone(), records, placed));

  EXPECT_EQ(bench.api().CountRequests("PATCH"), 1u);
  EXPECT_EQ(placed.size(), 100u);
}

TEST(PowerdnsWithSingleChanges, ASecondValueOfANameIsAChangeOfItsOwn) {
  FakeBench bench;
  std::vector<PlacedRecord> placed;
  const std::string name = "_acme-challenge.example.test.";
  const std::vector<TxtRecord> records{{.fqdn = name, .value = "a"}, {.fqdn = name, .value = "b"}};

  ASSERT_TRUE(Make(bench.good(), bench.http())->Place(Call(), bench.zone(), records, placed));

  EXPECT_EQ(bench.api().CountRequests("PATCH"), 2u);
  EXPECT_EQ(bench.Values(name), (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace tests::powerdns_dns
