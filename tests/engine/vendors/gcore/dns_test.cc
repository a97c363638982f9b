// SPDX-License-Identifier: MPL-2.0
// The gcore provider against a strict fake.
#include "tests/contract/replaced_sets_contract.h"
#include "tests/engine/vendors/gcore/fake_api.h"
#include "tests/support/lego.h"
#include "tests/support/vendor_hosts.h"

namespace tests::gcore_dns {
namespace {

class GcoreBench : public TokenDnsBench<FakeGcore> {
 public:
  static constexpr int kManyNames = 100;  // two requests each, of 300 a minute

  GcoreBench() : TokenDnsBench("gcore") {}
};

INSTANTIATE_TYPED_TEST_SUITE_P(Gcore, DnsProviderContract, GcoreBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Gcore, DnsApiContract, GcoreBench);
INSTANTIATE_TYPED_TEST_SUITE_P(Gcore, ReplacedSetsContract, GcoreBench);

class GcoreDns : public TokenDnsTest<GcoreBench> {};

TEST_F(GcoreDns, ReadsAndVerifiesAllNamesInOneRequestEach) {
  EXPECT_EQ(CountRequests(1), 3U);
  EXPECT_EQ(CountRequests(20), 2U + 19U);  // one of them is there already
}

TEST_F(GcoreDns, AForeignValueIsFoundInALargeZone) {
  for (int i = 0; i < 600; ++i) bench_.AddForeign(base::Cat("a-host-", i, ".example.test."), "other");
  bench_.AddForeign("z.example.test.", "foreign");

  const auto result = Place(by_name_, {{.fqdn = "z.example.test.", .value = "a"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(bench_.Values("z.example.test."), (std::vector<std::string>{"a", "foreign"}));
}

TEST_F(GcoreDns, ATokenThatMayOnlyReadIsToldWhatIsNeeded) {
  const auto result = Place(by_name_, {{.fqdn = name_, .value = "a"}}, FakeGcore::kReadOnlyToken);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kDenied);
  EXPECT_NE(result.error().message.find("edit DNS zones"), std::string::npos) << result.error().message;
}

class FakeGcoreJudged : public WithLego {};

TEST_F(FakeGcoreJudged, LegoGetsACertificateThroughIt) {
  FakeGcore api;
  const VendorHosts hosts(api, {"api.gcore.com", "api.gcorelabs.com"});
  auto environment = hosts.environment();
  environment.push_back(base::Cat("GCORE_PERMANENT_API_TOKEN=", FakeGcore::kToken));
  environment.push_back("GCORE_POLLING_INTERVAL=1");

  const auto outcome = RunLego(
      {.provider = "gcore", .environment = environment, .values = [&](const std::string& fqdn) { return api.Values(fqdn); }});

  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  // It adds to a set, and deletes the whole of it in the end.
  EXPECT_EQ(api.CountRequests("POST"), 1U) << outcome.output;
  EXPECT_EQ(api.CountRequests("PUT"), 1U) << outcome.output;
  EXPECT_TRUE(api.Values("_acme-challenge.example.test.").empty());
}

}  // namespace
}  // namespace tests::gcore_dns
