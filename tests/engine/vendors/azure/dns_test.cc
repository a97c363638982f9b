// SPDX-License-Identifier: MPL-2.0
// The azure_dns provider against a strict fake.
#include "tests/contract/dns_api_contract.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/engine/vendors/azure/fake_api.h"
#include "tests/support/foreign_python.h"
#include "tests/support/settings.h"
#include "tests/support/vendor_hosts.h"

namespace tests::azure_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

Connection Connect(std::map<std::string, std::string> settings = {}, const std::string& secret = FakeAzure::kSecret) {
  Connection connection{.kind = "azure",
                        .id = "c",
                        .settings = ConnectionSettings("azure", {{"tenant_id", FakeAzure::kTenant},
                                                                 {"client_id", FakeAzure::kClient},
                                                                 {"subscription_id", FakeAzure::kSubscription}})};
  for (auto& [name, value] : settings) Put(connection.settings, name, value);
  Put(connection.settings, "client_secret", base::Secret(secret));
  return connection;
}

class AzureBench : public DnsApiBench<FakeAzure> {
 public:
  AzureBench() : DnsApiBench(FakeAzure::kZoneId) {}

  Connection good() const { return Connect(); }
  Connection denied() const { return Connect({}, "wrong-secret-canary"); }
  Connection silent() const { return Connect({{"endpoint_url", FakeApi::kSilentOnChangesUrl}}); }
  base::http::Response Throttled(std::chrono::seconds wait) const {
    return JsonAnswer(429, {{"error", {{"code", "TooManyRequests"}, {"message", "Too many requests."}}}},
                      {{"Retry-After", std::to_string(wait.count())}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(AzureDns, DnsProviderContract, AzureBench);
INSTANTIATE_TYPED_TEST_SUITE_P(AzureDns, DnsApiContract, AzureBench);

class AzureDns : public testing::Test {
 protected:
  std::unique_ptr<engine::dns::Provider> Make(const Connection& connection = Connect()) {
    return *engine::vendors::FindDnsProvider("azure")->make(connection,
                                                            {.http = &api_, .random = &base::SystemRandom(), .shared = shared_});
  }
  base::Result<void> Place(const Zone& zone, const std::vector<TxtRecord>& records) {
    return Make()->Place(clock_.Call(), zone, records, placed_);
  }
  base::Result<void> Remove() { return Make()->Remove(clock_.Call(), zone_, placed_); }
  // Places and expects this failure.
  base::Error Fail(const Zone& zone, const std::string& fqdn) {
    const auto result = Place(zone, {{.fqdn = fqdn, .value = "v"}});
    EXPECT_FALSE(result);
    return result ? base::Error{} : result.error();
  }

  const Zone zone_{.name = "example.test.", .id = FakeAzure::kZoneId};
  const std::string name_ = "_acme-challenge.example.test.";
  FakeAzure api_;
  FakeClock clock_;
  std::vector<PlacedRecord> placed_;
  std::shared_ptr<base::SharedObjects> shared_ = std::make_shared<base::SharedObjects>();
};

TEST_F(AzureDns, ANamesValuesAreOneReadAndOneWrite) {
  ASSERT_TRUE(Place(zone_, {{.fqdn = name_, .value = "a"}, {.fqdn = name_, .value = "b"}}));

  EXPECT_EQ(api_.CountRequests("GET"), 1U);
  EXPECT_EQ(api_.CountRequests("PUT"), 1U);
  EXPECT_EQ(api_.Properties(name_)["TTL"], 60);
}

TEST_F(AzureDns, ASetIsDeletedWithItsLastValueAndNotBefore) {
  ASSERT_TRUE(Place(zone_, {{.fqdn = name_, .value = "a"}}));
  ASSERT_TRUE(Remove());
  EXPECT_EQ(api_.CountRequests("DELETE"), 1U);
  EXPECT_TRUE(api_.Properties(name_).is_null());
}

TEST_F(AzureDns, ForeignValuesStayAsTheyAreWrittenWithTheirTtlAndMetadata) {
  api_.Add(name_, "foreign");
  const base::Json before = api_.Properties(name_);

  ASSERT_TRUE(Place(zone_, {{.fqdn = name_, .value = "ours"}}));
  EXPECT_EQ(api_.Properties(name_)["TTL"], 1234);
  ASSERT_TRUE(Remove());

  EXPECT_EQ(api_.Properties(name_), before);
}

TEST_F(AzureDns, WhoIsOvertakenLosesNoValue) {
  api_.OvertakeNext(name_, "first");
  ASSERT_TRUE(Place(zone_, {{.fqdn = name_, .value = "ours"}}));
  EXPECT_EQ(api_.Values(name_), (std::vector<std::string>{"first", "ours"}));

  api_.OvertakeNext(name_, "late");
  ASSERT_TRUE(Remove());

  EXPECT_EQ(api_.Values(name_), (std::vector<std::string>{"first", "late"}));
}

TEST_F(AzureDns, TheApexIsWrittenAsAt) {
  ASSERT_TRUE(Place(zone_, {{.fqdn = "example.test.", .value = "v"}}));

  EXPECT_EQ(api_.Values("example.test."), std::vector<std::string>{"v"});
  EXPECT_NE(api_.requests().back().url.find("/TXT/%40?"), std::string::npos) << api_.requests().back().url;
}

TEST_F(AzureDns, AZoneIsFoundByNameOnALaterPage) {
  const auto result = Place({.name = "example.test.", .id = {}}, {{.fqdn = name_, .value = "v"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(base::EqualsIgnoreCase(placed_.front().zone_id, FakeAzure::kZoneId)) << placed_.front().zone_id;
  EXPECT_EQ(api_.Values(name_), std::vector<std::string>{"v"});
  for (const auto& request : api_.requests()) EXPECT_EQ(request.url.find("elsewhere"), std::string::npos) << request.url;
}

TEST_F(AzureDns, ZonesThatCannotBeUsedAreToldApart) {
  const base::Error inside = Fail({.name = "inside.test.", .id = {}}, "_acme-challenge.inside.test.");
  const base::Error old = Fail({.name = "old.test.", .id = {}}, "_acme-challenge.old.test.");
  const base::Error twice = Fail({.name = "twice.test.", .id = {}}, "_acme-challenge.twice.test.");
  const base::Error outside = Fail(zone_, "_acme-challenge.other.test.");
  const base::Error no_id = Fail({.name = "example.test.", .id = "Z123"}, name_);
  const base::Error private_id = Fail(
      {.name = "inside.test.", .id = "/subscriptions/s/resourceGroups/a/providers/Microsoft.Network/privateDnsZones/inside.test"},
      "_acme-challenge.inside.test.");

  EXPECT_EQ(inside.kind, ErrorKind::kNotFound);
  EXPECT_NE(inside.message.find("it has a private one"), std::string::npos) << inside.message;
  EXPECT_NE(old.message.find("it has a private one"), std::string::npos) << old.message;
  EXPECT_NE(twice.message.find("resourceGroups/a/"), std::string::npos) << twice.message;
  EXPECT_NE(twice.message.find("resourceGroups/b/"), std::string::npos) << twice.message;
  EXPECT_EQ(outside.message, "_acme-challenge.other.test. does not lie in the zone example.test.");
  EXPECT_NE(no_id.message.find("/dnsZones/NAME"), std::string::npos) << no_id.message;
  EXPECT_NE(private_id.message.find("is private"), std::string::npos) << private_id.message;
}

TEST_F(AzureDns, MoreValuesThanANameTakesAreAzuresErrorAndLoseNothing) {
  for (int i = 0; i < 20; ++i) api_.Add(name_, base::Cat("foreign-", i));

  const base::Error error = Fail(zone_, name_);

  EXPECT_EQ(error.kind, ErrorKind::kInvalid);
  EXPECT_EQ(error.message, "Azure answered 400: The record set has too many records. (BadRequest)");
  EXPECT_EQ(api_.Values(name_).size(), 20U);
  EXPECT_TRUE(placed_.empty());
}

TEST_F(AzureDns, AZoneThatIsNotThereIsNamed) {
  const base::Error error = Fail({.name = "gone.test.",
                                  .id = base::Cat("/subscriptions/", FakeAzure::kSubscription,
                                                  "/resourceGroups/dns/providers/Microsoft.Network/dnszones/gone.test")},
                                 "_acme-challenge.gone.test.");

  EXPECT_EQ(error.kind, ErrorKind::kNotFound);
  EXPECT_NE(error.message.find("no such zone for gone.test."), std::string::npos) << error.message;
}

TEST_F(AzureDns, ARoleOnOneZoneIsEnoughForAResourceId) {
  api_.AllowOneZoneOnly();

  EXPECT_TRUE(Place(zone_, {{.fqdn = name_, .value = "v"}}));
  const base::Error by_name = Fail({.name = "example.test.", .id = {}}, name_);

  EXPECT_EQ(by_name.kind, ErrorKind::kDenied);
  EXPECT_NE(by_name.message.find("the guide has the role"), std::string::npos) << by_name.message;
}

TEST_F(AzureDns, ANameWithoutASubscriptionBlamesIt) {
  const std::vector<TxtRecord> records{{.fqdn = name_, .value = "v"}};

  const auto result =
      Make(Connect({{"subscription_id", ""}}))->Place(clock_.Call(), {.name = "example.test.", .id = {}}, records, placed_);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().blame.attribute, "subscription_id");
}

TEST_F(AzureDns, AWrongSecretBlamesItsField) {
  const std::vector<TxtRecord> records{{.fqdn = name_, .value = "v"}};

  const auto result = Make(Connect({}, "wrong-secret-canary"))->Place(clock_.Call(), zone_, records, placed_);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().blame.attribute, "client_secret");
}

TEST_F(AzureDns, ManyAtOnceAtOneNameLoseNothing) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([this, i] {
        std::vector<PlacedRecord> placed;
        const std::vector<TxtRecord> records{{.fqdn = name_, .value = base::Cat("v", i)}};
        const auto result = Make()->Place(clock_.Call(), zone_, records, placed);
        EXPECT_TRUE(result) << result.error().message;
      });
    }
  }

  EXPECT_EQ(api_.Values(name_).size(), 16U);
}

TEST_F(AzureDns, ARefusedTokenIsFetchedAnewOnce) {
  ASSERT_TRUE(Place(zone_, {{.fqdn = name_, .value = "a"}}));
  api_.RevokeTokens();
  const std::size_t before = api_.CountTokens();

  const auto again = Place(zone_, {{.fqdn = name_, .value = "b"}});

  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(api_.CountTokens(), before + 1);
}

TEST_F(AzureDns, ATokenThatIsRefusedTwiceIsAnError) {
  const base::http::Response refusal =
      JsonAnswer(401, {{"error", {{"code", "InvalidAuthenticationToken"}, {"message", "The access token is invalid."}}}});
  api_.FailNext({refusal, refusal});

  const auto error = Fail(zone_, name_);

  EXPECT_EQ(error.kind, ErrorKind::kDenied) << error.message;
}

class FakeAzureJudged : public WithForeignPython {};

TEST_F(FakeAzureJudged, MicrosoftsOwnSdkIsServedAndRefusedAsByAzure) {
  FakeAzure api;
  const VendorHosts hosts(api, {"login.microsoftonline.com", "management.azure.com", "elsewhere.test"});

  const std::string findings =
      RunJudge("azure/judge_dns.py", {FakeAzure::kTenant, FakeAzure::kClient, FakeAzure::kSecret, FakeAzure::kSubscription},
               hosts.environment());

  EXPECT_EQ(findings,
            "absent: 404\n"
            "made twice: 412\n"
            "values: one two\n"
            "overtaken: 412\n"
            "without values: 400\n"
            "deleted: 404\n"
            "stranger: True\n");
  EXPECT_TRUE(api.Values("_acme-challenge.example.test.").empty());
}

}  // namespace
}  // namespace tests::azure_dns
