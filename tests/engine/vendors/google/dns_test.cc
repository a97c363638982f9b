// SPDX-License-Identifier: MPL-2.0
// The google_cloud provider against a strict fake.
#include "tests/contract/dns_api_contract.h"
#include "tests/contract/dns_provider_contract.h"
#include "tests/engine/vendors/google/fake_api.h"
#include "tests/support/lego.h"
#include "tests/support/settings.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/vendor_hosts.h"

namespace tests::google_dns {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

Connection With(const std::string& credentials, std::map<std::string, std::string> settings = {}) {
  Connection connection{.kind = "google_cloud", .id = "c", .settings = ConnectionSettings("google_cloud")};
  for (auto& [name, value] : settings) Put(connection.settings, name, value);
  Put(connection.settings, "credentials_json", base::Secret(credentials));
  return connection;
}

class GoogleCloudBench : public DnsApiBench<FakeGoogle> {
 public:
  GoogleCloudBench() : DnsApiBench(FakeGoogle::kZone) {}

  Connection good() const { return With(FakeGoogle::KeyFile()); }
  Connection denied() const { return With(FakeGoogle::KeyFile("stranger@project-1.iam.gserviceaccount.com")); }
  Connection silent() const { return With(FakeGoogle::KeyFile(), {{"endpoint_url", FakeApi::kSilentUrl}}); }
  // Says nothing of when to come back.
  base::http::Response Throttled(std::chrono::seconds) const {
    return JsonAnswer(403, {{"error",
                             {{"code", 403},
                              {"message", "Rate Limit Exceeded"},
                              {"errors", base::Json::array({{{"reason", "rateLimitExceeded"}}})}}}});
  }
};

INSTANTIATE_TYPED_TEST_SUITE_P(GoogleCloud, DnsProviderContract, GoogleCloudBench);
INSTANTIATE_TYPED_TEST_SUITE_P(GoogleCloud, DnsApiContract, GoogleCloudBench);

class GoogleCloud : public testing::Test {
 protected:
  std::unique_ptr<engine::dns::Provider> Make(const Connection& connection = With(FakeGoogle::KeyFile())) {
    return *engine::vendors::FindDnsProvider("google_cloud")
                ->make(connection, {.http = &api_, .random = &base::SystemRandom(), .shared = shared_});
  }
  base::Result<void> Place(const Zone& zone, std::vector<TxtRecord> records) {
    return Make()->Place(clock_.Call(), zone, records, placed_);
  }

  const Zone by_name_{.name = "example.test.", .id = {}};
  const Zone by_id_{.name = "example.test.", .id = FakeGoogle::kZone};
  const std::string name_ = "_acme-challenge.example.test.";
  FakeGoogle api_;
  FakeClock clock_;
  std::vector<PlacedRecord> placed_;
  std::shared_ptr<base::SharedObjects> shared_ = std::make_shared<base::SharedObjects>();
};

TEST_F(GoogleCloud, AHundredNamesAreOneChangeInAndOneOut) {
  std::vector<TxtRecord> records;
  for (int i = 0; i < 100; ++i) records.push_back({.fqdn = base::Cat("_acme-challenge.h", i, ".example.test."), .value = "v"});
  const auto provider = Make();

  ASSERT_TRUE(provider->Place(clock_.Call(), by_id_, records, placed_));
  ASSERT_TRUE(provider->Remove(clock_.Call(), by_id_, placed_));

  const auto requests = api_.requests();
  const auto changes = std::ranges::count_if(requests, [](const auto& one) { return one.url.ends_with("/changes"); });
  EXPECT_EQ(changes, 2);
  EXPECT_EQ(api_.CountTokens(), 1u);
}

// The limiter is what instances of a connection share.
TEST_F(GoogleCloud, ManyAtOnceAtOneNameLoseNothingAndAreNotOvertakenByEachOther) {
  const engine::connections::Deps deps{.http = &api_, .random = &base::SystemRandom()};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, i] {
        const auto provider = *engine::vendors::FindDnsProvider("google_cloud")->make(With(FakeGoogle::KeyFile()), deps);
        std::vector<PlacedRecord> placed;
        const std::vector<TxtRecord> records{{.fqdn = name_, .value = base::Cat("v", i)}};
        const auto result = provider->Place(clock_.Call(), by_id_, records, placed);
        EXPECT_TRUE(result) << result.error().message;
      });
    }
  }

  EXPECT_EQ(api_.Values(name_).size(), 16U);
  EXPECT_TRUE(clock_.pauses().empty());
}

TEST_F(GoogleCloud, AnOvertakenChangeLosesNoValue) {
  api_.Add(name_, "foreign");
  api_.OvertakeNext(name_, "late");

  const auto result = Place(by_id_, {{.fqdn = name_, .value = "ours"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.Values(name_), (std::vector<std::string>{"foreign", "late", "ours"}));
  EXPECT_EQ(api_.Ttl(name_), 1234);
}

TEST_F(GoogleCloud, AnOvertakenFirstValueLosesNone) {
  api_.OvertakeNext(name_, "late");

  const auto result = Place(by_id_, {{.fqdn = name_, .value = "ours"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api_.Values(name_), (std::vector<std::string>{"late", "ours"}));
}

TEST_F(GoogleCloud, AZonesNameItsWholeNameAndItsDnsNameWork) {
  const Zone whole{.name = "example.test.", .id = "projects/project-1/managedZones/example-zone"};
  for (const Zone& zone : {by_name_, by_id_, whole}) {
    const auto result = Place(zone, {{.fqdn = name_, .value = "a"}});
    EXPECT_TRUE(result) << zone.id << ": " << result.error().message;
  }
  EXPECT_EQ(api_.Values(name_), std::vector<std::string>{"a"});
}

TEST_F(GoogleCloud, APrivateZoneAndTwoZonesOfANameAreToldApart) {
  const auto inside = Place({.name = "inside.test.", .id = {}}, {{.fqdn = "_acme-challenge.inside.test.", .value = "a"}});
  const auto twice = Place({.name = "twice.test.", .id = {}}, {{.fqdn = "_acme-challenge.twice.test.", .value = "a"}});

  ASSERT_FALSE(inside);
  EXPECT_EQ(inside.error().kind, ErrorKind::kNotFound);
  EXPECT_NE(inside.error().message.find("only a private one"), std::string::npos) << inside.error().message;
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(twice.error().message.find("one, two"), std::string::npos) << twice.error().message;
}

TEST_F(GoogleCloud, AnApiThatIsOffIsNamed) {
  const std::vector<TxtRecord> records{{.fqdn = name_, .value = "a"}};

  const auto result =
      Make(With(FakeGoogle::KeyFile(), {{"project", "not-enabled"}}))->Place(clock_.Call(), by_name_, records, placed_);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("enable the API dns.googleapis.com"), std::string::npos) << result.error().message;
}

TEST_F(GoogleCloud, EachKindOfCredentialsPlacesAValue) {
  Connection machine = With("", {{"project", FakeGoogle::kProject}});
  machine.settings.Unset("credentials_json");
  const Connection kinds[]{
      With(FakeGoogle::KeyFile(), {{"impersonate_service_account", FakeGoogle::kImpersonated}}),
      With(FakeGoogle::FederationFile(), {{"project", FakeGoogle::kProject}}),
      machine,
  };
  for (const Connection& connection : kinds) {
    const std::vector<TxtRecord> records{{.fqdn = name_, .value = "a"}};
    const auto result = Make(connection)->Place(clock_.Call(), by_id_, records, placed_);
    EXPECT_TRUE(result) << result.error().message;
  }
}

TEST_F(GoogleCloud, AnExpiredTokenIsFetchedAnew) {
  const auto provider = Make();
  const std::vector<TxtRecord> records{{.fqdn = name_, .value = "a"}};
  ASSERT_TRUE(provider->Place(clock_.Call(), by_id_, records, placed_));
  clock_.Advance(std::chrono::minutes(56));

  ASSERT_TRUE(provider->Remove(clock_.Call(), by_id_, placed_));

  EXPECT_EQ(api_.CountTokens(), 2u);
}

TEST_F(GoogleCloud, ARefusedTokenIsFetchedAnewOnce) {
  const auto provider = Make();
  const Zone zone{.name = "example.test.", .id = FakeGoogle::kZone};
  const std::vector<TxtRecord> first{{.fqdn = "_acme-challenge.example.test.", .value = "a"}};
  const std::vector<TxtRecord> second{{.fqdn = "_acme-challenge.example.test.", .value = "b"}};
  ASSERT_TRUE(provider->Place(clock_.Call(), zone, first, placed_));
  api_.RevokeTokens();

  const auto again = provider->Place(clock_.Call(), zone, second, placed_);

  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(api_.Values("_acme-challenge.example.test."), (std::vector<std::string>{"a", "b"}));
}

class FakeGoogleJudged : public WithLego {
 protected:
  LegoOutcome Run(const std::string& key_file) {
    const VendorHosts hosts(api_, {"dns.googleapis.com", "oauth2.googleapis.com"});
    auto environment = hosts.environment();
    environment.push_back("GCE_SERVICE_ACCOUNT_FILE=" + folder_.Write("key.json", key_file));
    environment.push_back("GCE_POLLING_INTERVAL=1");
    return RunLego({.provider = "gcloud", .environment = environment, .values = [this](const std::string& fqdn) {
                      return api_.Values(fqdn);
                    }});
  }

  FakeGoogle api_;
  TemporaryFolder folder_;
};

TEST_F(FakeGoogleJudged, LegoGetsACertificateThroughIt) {
  const auto outcome = Run(FakeGoogle::KeyFile());

  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_TRUE(api_.Values("_acme-challenge.example.test.").empty()) << outcome.output;
  EXPECT_GE(api_.CountRequests("POST"), 4u) << outcome.output;
}

TEST_F(FakeGoogleJudged, LegoIsRefusedWithAStrangersKey) {
  const auto outcome = Run(FakeGoogle::KeyFile("stranger@project-1.iam.gserviceaccount.com"));

  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("account not found"), std::string::npos) << outcome.output;
}

TEST_F(GoogleCloud, ProvidersOfTheSameCredentialsShareAToken) {
  const Zone zone{.name = "example.test.", .id = FakeGoogle::kZone};
  for (const char* value : {"a", "b", "c"}) {
    const std::vector<TxtRecord> records{{.fqdn = "_acme-challenge.example.test.", .value = value}};
    ASSERT_TRUE(Make()->Place(clock_.Call(), zone, records, placed_));
  }

  EXPECT_EQ(api_.CountTokens(), 1U);
}

}  // namespace
}  // namespace tests::google_dns
