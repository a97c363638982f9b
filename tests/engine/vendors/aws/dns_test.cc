// SPDX-License-Identifier: MPL-2.0
// The route53 provider against a strict fake.
#include "tests/engine/vendors/aws/fake_route53.h"

#include "tests/contract/dns_api_contract.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/support/settings.h"

namespace tests::aws_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::Provider;
using engine::dns::TxtRecord;
using engine::dns::Zone;
using std::chrono::seconds;

Connection Connect(const char* secret = FakeRoute53::kSecret, const char* url = FakeRoute53::kUrl) {
  Connection connection{.kind = "aws",
                        .id = "c",
                        .settings = ConnectionSettings(
                            "aws", {{"endpoint_url", url}, {"access_key_id", FakeRoute53::kKeyId}, {"region", "eu-west-1"}})};
  Put(connection.settings, "secret_access_key", base::Secret(secret));
  return connection;
}

base::http::Response Slow(std::string_view code, std::vector<base::http::Header> headers = {}) {
  return {
      .status = 400,
      .headers = std::move(headers),
      .body = base::Cat("<ErrorResponse><Error><Code>", code, "</Code><Message>Rate exceeded</Message></Error></ErrorResponse>")};
}

class Route53Bench : public DnsApiBench<FakeRoute53> {
 public:
  Route53Bench() : DnsApiBench(FakeRoute53::kZoneId) {}

  Connection good() const { return Connect(); }
  Connection denied() const { return Connect("wrong-secret-canary"); }
  Connection silent() const { return Connect(FakeRoute53::kSecret, FakeApi::kSilentOnChangesUrl); }
  void AddForeign(const std::string& fqdn, const std::string& value) { api().Add(fqdn, "TXT", {.values = {'"' + value + '"'}}); }
  base::http::Response Throttled(seconds wait) const {
    return Slow("Throttling", {{"Retry-After", std::to_string(wait.count())}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Route53, DnsProviderContract, Route53Bench);
INSTANTIATE_TYPED_TEST_SUITE_P(Route53, DnsApiContract, Route53Bench);

class Route53 : public testing::Test {
 protected:
  std::unique_ptr<Provider> Make(const Connection& connection = Connect()) {
    return *engine::vendors::FindDnsProvider("aws")->make(connection,
                                                          {.http = &api_, .random = &base::SystemRandom(), .shared = shared_});
  }
  base::Result<void> Place(const Zone& zone, const std::vector<TxtRecord>& records) {
    return Make()->Place(clock_.Call(), zone, records, placed_);
  }
  base::Result<void> Remove() { return Make()->Remove(clock_.Call(), zone_, placed_); }
  std::vector<TxtRecord> Hundred() const {
    std::vector<TxtRecord> records;
    for (int i = 0; i < 100; ++i) records.push_back({.fqdn = base::Cat("_acme-challenge.h", i, ".example.test."), .value = "v"});
    return records;
  }
  // Places and expects this failure.
  base::Error Fail(const Zone& zone, const std::string& fqdn) {
    const auto result = Place(zone, {{.fqdn = fqdn, .value = "v"}});
    EXPECT_FALSE(result);
    return result ? base::Error{} : result.error();
  }

  const Zone zone_{.name = "example.test.", .id = FakeRoute53::kZoneId};
  const std::string name_ = "_acme-challenge.example.test.";
  FakeRoute53 api_;
  FakeClock clock_;
  std::vector<PlacedRecord> placed_;
  std::shared_ptr<base::SharedObjects> shared_ = std::make_shared<base::SharedObjects>();
};

TEST_F(Route53, AHundredNamesAreOneChangeInAndOneOut) {
  ASSERT_TRUE(Place(zone_, Hundred()));
  EXPECT_EQ(api_.CountRequests("POST"), 1U);
  EXPECT_EQ(api_.CountRequests("GET"), 1U);

  ASSERT_TRUE(Remove());

  EXPECT_EQ(api_.CountRequests("POST"), 2U);
  EXPECT_EQ(api_.CountRequests("GET"), 2U);
  EXPECT_TRUE(api_.Values("_acme-challenge.h42.example.test.").empty());
}

TEST_F(Route53, ManyValuesAreSplitIntoChangesThatRoute53Takes) {
  std::vector<TxtRecord> records;
  for (int i = 0; i < 1500; ++i) {
    records.push_back({.fqdn = base::Cat("_acme-challenge.h", i, ".example.test."), .value = base::Cat(std::string(40, 'v'), i)});
  }

  const auto result = Place(zone_, records);

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.CountRequests("POST"), 3U);
  EXPECT_EQ(placed_.size(), 1500U);
}

TEST_F(Route53, ValuesThatComeBetweenReadAndChangeAreKept) {
  api_.Add(name_, "TXT", {.ttl = 900, .values = {"\"early\""}});
  api_.AddBeforeNextChange(name_, "late");
  ASSERT_TRUE(Place(zone_, {{.fqdn = name_, .value = "ours"}}));
  EXPECT_EQ(api_.Values(name_), (std::vector<std::string>{"early", "late", "ours"}));
  EXPECT_EQ(api_.Find(name_).ttl, 900);

  api_.AddBeforeNextChange(name_, "later");
  ASSERT_TRUE(Remove());

  EXPECT_EQ(api_.Values(name_), (std::vector<std::string>{"early", "late", "later"}));
}

TEST_F(Route53, AForeignValueIsLeftAsItIsSpelled) {
  const std::vector<std::string> spelled{"\"two\" \"strings\"", "\"a \\\"quote\\\" and \\052\""};
  api_.Add(name_, "TXT", {.values = spelled});

  ASSERT_TRUE(Place(zone_, {{.fqdn = name_, .value = "ours"}}));
  ASSERT_TRUE(Remove());

  EXPECT_EQ(api_.Find(name_).values, spelled);
}

TEST_F(Route53, AChangeThatIsRefusedForGoodIsNotTriedForEver) {
  api_.Add("_acme-challenge.alias.example.test.", "CNAME", {.values = {"elsewhere.test."}});

  const base::Error error = Fail(zone_, "_acme-challenge.alias.example.test.");

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_EQ(error.code, "InvalidChangeBatch");
  EXPECT_NE(error.message.find("conflicts with a CNAME"), std::string::npos) << error.message;
  EXPECT_EQ(api_.CountRequests("POST"), 1U);
  EXPECT_TRUE(placed_.empty());
}

TEST_F(Route53, FindsThePublicZoneByName) {
  const auto result = Place({.name = "example.test.", .id = {}}, {{.fqdn = name_, .value = "v"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(placed_.front().zone_id, FakeRoute53::kZoneId);
}

TEST_F(Route53, ZonesThatCannotBeUsedAreToldApart) {
  const base::Error is_private = Fail({.name = "private.test.", .id = {}}, "_acme-challenge.private.test.");
  const base::Error twice = Fail({.name = "twice.test.", .id = {}}, "_acme-challenge.twice.test.");
  const base::Error denied = Fail({.name = "other.test.", .id = {}}, "_acme-challenge.other.test.");
  const base::Error no_such = Fail({.name = "example.test.", .id = "Z0NOTHERE"}, name_);
  const base::Error outside = Fail(zone_, "_acme-challenge.other.test.");

  EXPECT_EQ(is_private.message, "the hosted zone private.test. of this AWS account is private: no certificate authority sees it");
  EXPECT_NE(twice.message.find("write the id of the right one: Z0123456789TWIN, Z0123456789TWIN2"), std::string::npos);
  EXPECT_EQ(denied.kind, ErrorKind::kDenied);
  EXPECT_NE(denied.message.find("the guide has the policy"), std::string::npos) << denied.message;
  EXPECT_NE(no_such.message.find("no hosted zone Z0NOTHERE for example.test."), std::string::npos) << no_such.message;
  EXPECT_EQ(outside.message, "_acme-challenge.other.test. does not lie in the zone example.test.");
}

TEST_F(Route53, TakesTheIdAsTheConsoleAndTheApiWriteIt) {
  ASSERT_TRUE(
      Place({.name = "example.test.", .id = base::Cat("/hostedzone/", FakeRoute53::kZoneId)}, {{.fqdn = name_, .value = "v"}}));

  EXPECT_EQ(placed_.front().zone_id, FakeRoute53::kZoneId);
}

TEST_F(Route53, ThrottlingWithoutAWordOfHowLongIsWaitedFor) {
  api_.FailNext({Slow("Throttling"), Slow("Throttling"), Slow("PriorRequestNotComplete")});

  const auto result = Place(zone_, {{.fqdn = name_, .value = "v"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(clock_.pauses().size(), 3U);
}

TEST_F(Route53, FindsItsNamesAmongThousands) {
  for (int i = 0; i < 1000; ++i) api_.Add(base::Cat("host-", i, ".example.test."), "A", {.values = {"192.0.2.1"}});
  api_.Add("*.example.test.", "TXT", {.values = {"\"wildcard\""}});
  const std::vector<std::string> names{"_acme-challenge.example.test.", "a.host-500.example.test.", "zzz.example.test."};
  std::vector<TxtRecord> records;
  for (const std::string& name : names) {
    api_.Add(name, "TXT", {.values = {"\"foreign\""}});
    records.push_back({.fqdn = name, .value = "ours"});
  }

  const auto result = Place(zone_, records);

  ASSERT_TRUE(result) << result.error().message;
  for (const std::string& name : names) EXPECT_EQ(api_.Values(name), (std::vector<std::string>{"foreign", "ours"})) << name;
  EXPECT_LE(api_.CountListed(), 3U);
  EXPECT_EQ(api_.CountRequests("POST"), 1U);
}

TEST_F(Route53, ASetWithARoutingPolicyIsNotTouched) {
  api_.Add(name_, "TXT", {.values = {"\"foreign\""}, .set_identifier = "one"});

  const base::Error error = Fail(zone_, name_);

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_NE(error.message.find("have a routing policy"), std::string::npos) << error.message;
  EXPECT_EQ(api_.CountRequests("POST"), 0U);
}

TEST_F(Route53, WaitsUntilRoute53HasItOnAllServers) {
  api_.SetPendingPolls(4);
  ASSERT_TRUE(Place(zone_, {{.fqdn = name_, .value = "a"}, {.fqdn = name_, .value = "b"}}));
  const std::size_t before = api_.CountRequests("GET");

  const auto served = Make()->AwaitServed(clock_.Call(), placed_);

  EXPECT_TRUE(served) << served.error().message;
  EXPECT_EQ(api_.CountRequests("GET") - before, 5U);
}

TEST_F(Route53, WaitingEndsWithTheCallAndSaysWhenItMayNotAsk) {
  api_.SetPendingPolls(1000);
  ASSERT_TRUE(Place(zone_, {{.fqdn = name_, .value = "a"}}));

  const auto too_long = Make()->AwaitServed(clock_.Call(seconds(30)), placed_);
  api_.DenyGetChange();
  const auto denied = Make()->AwaitServed(clock_.Call(), placed_);

  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().kind, ErrorKind::kTimeout);
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().kind, ErrorKind::kDenied);
}

TEST_F(Route53, AWrongSecretBlamesItsField) {
  const std::vector<TxtRecord> records{{.fqdn = name_, .value = "v"}};

  const auto result = Make(Connect("wrong-secret-canary"))->Place(clock_.Call(), zone_, records, placed_);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().blame.attribute, "secret_access_key");
}

TEST_F(Route53, ManyAtOnceInOneZoneLoseNothing) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 24; ++i) {
      threads.emplace_back([this, i] {
        std::vector<PlacedRecord> placed;
        const std::vector<TxtRecord> records{{.fqdn = name_, .value = base::Cat("v", i)}};
        const auto result = Make()->Place(clock_.Call(), zone_, records, placed);
        EXPECT_TRUE(result) << result.error().message;
      });
    }
  }

  EXPECT_EQ(api_.Values(name_).size(), 24U);
}

}  // namespace
}  // namespace tests::aws_dns
